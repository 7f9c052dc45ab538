import type { ClassOut } from '@/api';
import type { Found } from './queries';

/** In which order people see what was found, and where each leads: Enter opens the first. */
export function inOrder(found: Found): readonly { readonly id: string; readonly to: string }[] {
  return [
    ...found.users.map(({ id }) => ({ id, to: toUser(id) })),
    ...found.students.map(({ id }) => ({ id, to: toStudent(id) })),
    ...found.classes.map((class_) => ({ id: class_.id, to: toClass(class_) })),
  ];
}

export const toUser = (id: string): string => `/users/${encodeURIComponent(id)}`;
export const toStudent = (id: string): string => `/students/${encodeURIComponent(id)}`;
/** With its school, by which its page learns its name. */
export function toClass({ id, school }: ClassOut): string {
  const of = school ? `?school=${encodeURIComponent(school.id)}` : '';
  return `/classes/${encodeURIComponent(id)}${of}`;
}

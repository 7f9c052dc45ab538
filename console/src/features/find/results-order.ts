import type { Found } from './queries';

/** In which order people see what was found, and where each leads: Enter opens the first. */
export function inOrder(found: Found): readonly { readonly id: string; readonly to: string }[] {
  return [
    ...found.users.map(({ id }) => ({ id, to: toUser(id) })),
    ...found.students.map(({ id }) => ({ id, to: toStudent(id) })),
    ...found.classes.map(({ id }) => ({ id, to: toClass(id) })),
  ];
}

export const toUser = (id: string): string => `/users/${encodeURIComponent(id)}`;
export const toStudent = (id: string): string => `/students/${encodeURIComponent(id)}`;
export const toClass = (id: string): string => `/classes/${encodeURIComponent(id)}`;

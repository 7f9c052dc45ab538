/** People as the API tells of them, for tests: good defaults, and what a test is about. */
import type { BlockOut, CredentialOut, EventOut, MessageOut, UpstreamOut, UserOut } from '@/api';

export function block(told: Partial<BlockOut> = {}): BlockOut {
  return {
    ground: 'bounce',
    channels: ['email'],
    cause: 'invalid_address',
    permanence: 'permanent',
    reason: 'This email address does not exist.',
    provider_words: '550 5.1.1 user unknown',
    provider: 'ses',
    since: '2026-09-14T08:30:00Z',
    until: null,
    by: null,
    by_name: null,
    note: null,
    lifted_by: null,
    ...told,
  };
}

export function upstream(told: Partial<UpstreamOut> = {}): UpstreamOut {
  return {
    provider: 'ses',
    account: 'default',
    state: 'listed',
    at: '2026-09-14T08:31:00Z',
    retry_after: null,
    advice: null,
    ...told,
  };
}

export function email(told: Partial<CredentialOut> = {}): CredentialOut {
  return {
    kind: 'email',
    value: 'ada@example.org',
    typed: 'Ada@example.org',
    status: 'good',
    open: ['email'],
    reason: null,
    since: null,
    shared: false,
    holders: [],
    other_holders: 0,
    held_since: '2026-08-01T00:00:00Z',
    held_until: null,
    former: false,
    last_message: null,
    blocks: [],
    upstream: [],
    ...told,
  };
}

export function phone(told: Partial<CredentialOut> = {}): CredentialOut {
  return email({
    kind: 'phone',
    value: '+12025550123',
    typed: '(202) 555-0123',
    open: ['sms', 'voice'],
    ...told,
  });
}

export const BAD: Partial<CredentialOut> = {
  status: 'bad',
  open: [],
  reason: 'This email address does not exist.',
  since: '2026-09-14T08:30:00Z',
  blocks: [block()],
};

export function user(told: Partial<UserOut> = {}): UserOut {
  return {
    id: 'u1',
    sourced_id: 'gua-001',
    name: 'Ada Morales',
    role: 'guardian',
    account_status: 'active',
    language: 'es',
    schools: [{ id: 's1', sourced_id: 'school-1', name: 'Maple Hollow' }],
    students: [{ id: 'st1', sourced_id: 'stu-1', name: 'Leo Morales', relation: 'mother' }],
    credentials: [email(), phone()],
    guidance: [],
    actions: ['view', 'reset', 'mark', 'extended'],
    hidden: [],
    etag: '"one"',
    ...told,
  };
}

export function event(told: Partial<EventOut> = {}): EventOut {
  return {
    id: 'aaaa',
    value: 'ada@example.org',
    kind: 'bounced',
    channel: 'email',
    permanence: 'permanent',
    cause: 'invalid_address',
    reason: 'This email address does not exist.',
    provider_words: '550 5.1.1 user unknown',
    provider: 'ses',
    occurred_at: '2026-09-14T08:30:00Z',
    sent_at: null,
    by: null,
    by_name: null,
    note: null,
    consent: null,
    incident: null,
    ...told,
  };
}

export function message(told: Partial<MessageOut> = {}): MessageOut {
  return {
    id: 'm1',
    user_id: 'u1',
    channel: 'email',
    credential: 'email:ada@example.org',
    label: null,
    subject: 'Snow day',
    purpose: 'general',
    batch_id: null,
    dedup_id: null,
    status: 'delivered',
    reason: null,
    why: null,
    provider: 'ses',
    segments: null,
    label_adds_segment: false,
    exempted: null,
    alternatives: [],
    times: { queued: '2026-09-14T08:29:00Z', delivered: '2026-09-14T08:29:30Z' },
    ...told,
  };
}

import { expect, it } from 'vitest';
import { changes } from './changes';
import { BAD, block, email, phone, user } from './testing/people';

const seen = user({ credentials: [email(BAD), phone()] });

it('says that a credential was opened meanwhile, and how', () => {
  const opened = block({ until: '2026-09-15T10:00:00Z', lifted_by: 'staff' });
  const after = user({ credentials: [email({ blocks: [opened] }), phone()] });
  expect(changes(seen, after)).toEqual([
    { what: 'status', kind: 'email', from: email(BAD), to: email({ blocks: [opened] }) },
    { what: 'opened', kind: 'email', block: opened },
  ]);
});

it('says that the other credential was closed meanwhile, and why', () => {
  const stop = block({ ground: 'opt_out', channels: ['sms'], since: '2026-09-15T10:00:00Z' });
  const closed = phone({ status: 'bad', open: ['voice'], blocks: [stop] });
  expect(changes(seen, user({ credentials: [email(BAD), closed] }))).toEqual([
    { what: 'status', kind: 'phone', from: phone(), to: closed },
    { what: 'closed', kind: 'phone', block: stop },
  ]);
});

it('says that a further block came, though it was bad already', () => {
  const complaint = block({ ground: 'complaint' });
  const after = user({ credentials: [email({ ...BAD, blocks: [block(), complaint] }), phone()] });
  expect(changes(seen, after)).toEqual([{ what: 'closed', kind: 'email', block: complaint }]);
});

it('says that it bounced anew: the same ground, and another time', () => {
  const anew = block({ since: '2026-09-16T08:00:00Z' });
  const after = user({ credentials: [email({ ...BAD, blocks: [anew] }), phone()] });
  expect(changes(seen, after)).toEqual([{ what: 'closed', kind: 'email', block: anew }]);
});

it('says that the address is another one, and nothing of what was before', () => {
  const after = user({ credentials: [email({ value: 'new@example.org', typed: 'new@example.org' })] });
  expect(changes(seen, after)).toEqual([
    { what: 'replaced', kind: 'email', from: 'Ada@example.org', to: 'new@example.org' },
    { what: 'gone', kind: 'phone', typed: '(202) 555-0123' },
  ]);
});

it('says that one came, and takes no notice of former ones', () => {
  const before = user({ credentials: [email(), phone({ former: true })] });
  expect(changes(before, user())).toEqual([{ what: 'new', kind: 'phone', typed: '(202) 555-0123' }]);
});

it('finds nothing where nothing has changed', () => {
  expect(changes(seen, { ...seen, etag: '"two"' })).toEqual([]);
});

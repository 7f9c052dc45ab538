import type { Channel, CredentialOut, GuidanceOut } from '@/api';

const CARRIES: Record<CredentialOut['kind'], readonly Channel[]> = {
  email: ['email'],
  phone: ['sms', 'voice'],
};

/** By what an address or number could reach its person, and whether it does. */
export function ways({ kind, open }: CredentialOut): readonly { channel: Channel; reaches: boolean }[] {
  return CARRIES[kind].map((channel) => ({ channel, reaches: open.includes(channel) }));
}

/** What is advised about this one; what concerns none of them belongs to the account. */
export function advice(guidance: readonly GuidanceOut[], kind: CredentialOut['kind'] | null) {
  return guidance.filter(({ credential }) => credential === kind);
}

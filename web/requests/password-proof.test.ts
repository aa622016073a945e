import { expect, test } from 'bun:test';
import { isNavigation, isProof, issueProof, PROOF_LIFETIME_MS } from './password-proof.ts';

const guest = { formToken: 'a'.repeat(32), session: { token: 'one.session' } };
const NOW = 1_800_000_000_000;

test('a proof is valid for its session and form until it expires', () => {
  const proof = issueProof(guest, NOW);
  expect(isProof(proof, guest, NOW)).toBeTrue();
  expect(isProof(proof, guest, NOW + PROOF_LIFETIME_MS - 1)).toBeTrue();
  expect(isProof(proof, guest, NOW + PROOF_LIFETIME_MS)).toBeFalse();
  expect(isProof(proof, { ...guest, session: { token: 'another.session' } }, NOW)).toBeFalse();
  expect(isProof(proof, { ...guest, formToken: 'b'.repeat(32) }, NOW)).toBeFalse();
});

test('a changed, truncated or invented proof is invalid', () => {
  const [expiresAt = '', signature = ''] = issueProof(guest, NOW).split('.');
  const later = String(Number(expiresAt) + 1);
  for (const proof of [undefined, '', '.', expiresAt, `${later}.${signature}`, `${expiresAt}.${signature.slice(1)}`])
    expect([proof, isProof(proof, guest, NOW)]).toEqual([proof, false]);
});

test('a navigation is told from a fetch by a page', () => {
  const visits = [{}, { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }];
  const others = [
    { 'hx-request': 'true' },
    { 'hx-history-restore-request': 'true' },
    { 'hx-request': '' },
    { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' },
    { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
    { 'sec-fetch-mode': 'navigate' },
  ] as Record<string, string>[];
  for (const headers of visits) expect(isNavigation(new Headers(headers as Record<string, string>))).toBeTrue();
  for (const headers of others) expect([headers, isNavigation(new Headers(headers))]).toEqual([headers, false]);
});

/** Reads the report of `bun test`: totals and failures, which are printed again at the end of a long log. */

/** JUnit's XML as Bun writes it: attributes and texts are escaped, a failed test contains a `<failure>`. */
const TOTALS = /<testsuites[^>]*>/;
const FAILED_TEST = /<testcase ([^>]*[^/])>\s*<failure[^>]*>([^<]*)<\/failure>/g;

const CHARACTERS: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
const MAX_FAILURES = 20;
const MAX_FAILURE_CHARACTERS = 3_000;

export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

const unescapeXml = (text: string): string =>
  text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (entity, decimal?: string, hex?: string, name = '') => {
    if (decimal ?? hex) return String.fromCodePoint(decimal ? Number(decimal) : Number.parseInt(hex ?? '', 16));
    return CHARACTERS[name] ?? entity;
  });

const attributeOf = (attributes: string, name: string): string =>
  unescapeXml(new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(attributes)?.[1] ?? '');

/** @returns the totals; a run that failed outside a test (a file that doesn't load) counts as one failure */
export const countsOf = (report: string, exitCode: number): Counts => {
  const totals = TOTALS.exec(report)?.[0] ?? '';
  const count = (name: string) => Number(attributeOf(totals, name));
  const failed = count('failures') || (exitCode === 0 ? 0 : 1);
  return { passed: count('tests') - count('failures') - count('skipped'), failed };
};

const describeFailure = ([, attributes = '', message = '']: RegExpMatchArray): string => {
  const at = `${attributeOf(attributes, 'file')}:${attributeOf(attributes, 'line')}`;
  return `${at} ${attributeOf(attributes, 'name')}\n${unescapeXml(message).trimEnd().slice(0, MAX_FAILURE_CHARACTERS)}\n`;
};

/** @returns the first failures with their messages, each cut to a length that can be read; empty when all passed */
export const describeFailures = (report: string): string => {
  const failures = [...report.matchAll(FAILED_TEST)].slice(0, MAX_FAILURES).map(describeFailure);
  return failures.length > 0 ? `\nWhat failed:\n\n${failures.join('\n')}` : '';
};

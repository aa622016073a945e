/** Formats JSON log lines for people. Built-in modules only. */

/** Events that are left out: `welcome.ts` prints them once for all services. */
const SAID_ELSEWHERE = ['open_identity', 'push_disabled'];

/**
 * A JSON log line as `17:20:01 warn chat redis_away error=...`; any other line as it is.
 * @param line without its line break
 * @returns undefined for a line that is left out
 */
export const readableLine = (line: string): string | undefined => {
  const fields = parseObject(line);
  if (!fields || typeof fields.event !== 'string') return line;
  if (SAID_ELSEWHERE.includes(fields.event)) return undefined;
  const { time, level, service, event, stack, ...rest } = fields;
  const words = [String(time).slice(11, 19), level, service, event, ...Object.entries(rest).map(describeField)];
  return words.join(' ') + (typeof stack === 'string' ? `\n${stack}` : '');
};

const describeField = ([name, value]: [string, unknown]): string =>
  `${name}=${typeof value === 'string' && !/\s/.test(value) ? value : JSON.stringify(value)}`;

const parseObject = (line: string): Record<string, unknown> | undefined => {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};

/** Log lines for people. Built-ins only. */

/**
 * A JSON log line as `17:20:01 warn chat redis_away error=...`; any other line as it is.
 * @param line without its line break
 */
export const readableLine = (line: string): string => {
  const fields = parseObject(line);
  if (!fields || typeof fields.event !== 'string') return line;
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

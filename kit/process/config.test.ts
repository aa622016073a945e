import { describe, expect, test } from 'bun:test';
import { ConfigError, commonVariables, parseConfig, portVariable, t } from './config.ts';

const Variables = t.Object({
  ...commonVariables,
  PORT: portVariable(8020),
  PING_INTERVAL_MS: t.Integer({ default: 500, minimum: 1, maximum: 1_000 }),
  RATE_PER_SECOND: t.Number({ default: 0.5, minimum: 0 }),
  API_SECRET: t.Optional(t.String({ minLength: 8, secret: true })),
});

const faultsOf = (env: Record<string, string>): readonly string[] => {
  try {
    parseConfig(Variables, env);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
};

describe('a configuration', () => {
  test('has numbers where the schema says numbers, in camel case, frozen', () => {
    const config = parseConfig(Variables, { PING_INTERVAL_MS: '250', PORT: '0', RATE_PER_SECOND: '1.5' });
    expect(config).toMatchObject({ pingIntervalMs: 250, port: 0, ratePerSecond: 1.5, host: '127.0.0.1' });
    expect(Object.isFrozen(config)).toBe(true);
  });

  test('takes defaults for what is unset or empty', () => {
    expect(parseConfig(Variables, { PORT: '' })).toMatchObject({ port: 8020, pingIntervalMs: 500, logLevel: 'info' });
  });

  test('reports all faults at once, each with the variable, its value and what it accepts', () => {
    expect(faultsOf({ PORT: 'eighty', PING_INTERVAL_MS: '2000', LOG_LEVEL: 'loud' })).toEqual([
      'LOG_LEVEL: got "loud", wants one of fatal, error, warn, info, debug, silent',
      'PORT: got "eighty", wants an integer from 0 to 65535',
      'PING_INTERVAL_MS: got "2000", wants an integer from 1 to 1000',
    ]);
  });

  test('never shows a secret, not even a wrong one', () => {
    expect(faultsOf({ API_SECRET: 'hunter2' })).toEqual([
      'API_SECRET: got a value that is not shown, wants text of at least 8 characters',
    ]);
  });
});

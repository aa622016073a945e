/** Schemas of error answers, with descriptions and examples from the tables of errors. */
import { t } from 'elysia';
import { ErrorAnswer } from '../text/text.ts';
import type { ErrorEntry } from './errors.ts';

/** One schema per status: `errorAnswers(errors.invalid_input, errors.not_found)` is `{422: ..., 404: ...}`. */
export const errorAnswers = <E extends ErrorEntry>(
  ...entries: readonly E[]
): { [S in E['status']]: typeof ErrorAnswer } => {
  const byStatus = Map.groupBy(entries, ({ status }) => status);
  const answers = [...byStatus].map(([status, sharing]) => [status, answerOf(sharing)]);
  return Object.fromEntries(answers) as { [S in E['status']]: typeof ErrorAnswer };
};

const answerOf = (entries: readonly ErrorEntry[]): typeof ErrorAnswer =>
  t.Object(ErrorAnswer.properties, {
    additionalProperties: true,
    description: entries.map(({ code, detail }) => `\`${code}\`: ${detail}`).join('. '),
    examples: entries.map(({ code, detail }) => ({ detail, code })),
  });

/** The same for `detail.responses`: a route that succeeds with bytes has no `response` schemas. */
export const errorResponses = (...entries: readonly ErrorEntry[]) =>
  Object.fromEntries(
    Object.entries(errorAnswers(...entries)).map(([status, schema]) => [
      status,
      { description: schema.description ?? '', content: { 'application/json': { schema } } },
    ]),
  );

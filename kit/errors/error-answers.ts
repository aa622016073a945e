/** The error answers of a route, for its `response` schemas: described, with examples, from the tables of errors. */
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

/** The same for the `detail.responses` of a route whose success is no JSON, and which therefore has no `response` schemas. */
export const errorResponses = (...entries: readonly ErrorEntry[]) =>
  Object.fromEntries(
    Object.entries(errorAnswers(...entries)).map(([status, schema]) => [
      status,
      { description: schema.description ?? '', content: { 'application/json': { schema } } },
    ]),
  );

/** The error answers of a route, for its `response` schemas: described, with examples, straight from the error table. */
import { t } from 'elysia';
import { ErrorAnswer } from '../text/text.ts';
import { type ErrorCode, errorTable } from './errors.ts';

type StatusOf<C extends ErrorCode> = (typeof errorTable)[C]['status'];

/**
 * A schema per status of these codes: `errorAnswers('invalid_input', 'unknown_room')` is `{422: ..., 404: ...}`. Codes that
 * share a status share a schema, with one example each.
 */
export const errorAnswers = <C extends ErrorCode>(...codes: C[]): { [S in StatusOf<C>]: typeof ErrorAnswer } => {
  const byStatus = Map.groupBy(codes, (code) => errorTable[code].status);
  const answers = [...byStatus].map(([status, sharing]) => [status, answerOf(sharing)]);
  return Object.fromEntries(answers) as { [S in StatusOf<C>]: typeof ErrorAnswer };
};

const answerOf = (codes: readonly ErrorCode[]): typeof ErrorAnswer =>
  t.Object(ErrorAnswer.properties, {
    additionalProperties: true,
    description: codes.map((code) => `\`${code}\`: ${errorTable[code].detail}`).join('. '),
    examples: codes.map((code) => ({ detail: errorTable[code].detail, code })),
  });

/** The same for the `detail.responses` of a route whose success is no JSON, and which therefore has no `response` schemas. */
export const errorResponses = (...codes: ErrorCode[]) =>
  Object.fromEntries(
    Object.entries(errorAnswers(...codes)).map(([status, schema]) => [
      status,
      { description: schema.description ?? '', content: { 'application/json': { schema } } },
    ]),
  );

/** Errors as pages, for requests that accept HTML; other requests get the platform's JSON. */
import { errors } from '@parley/kit/errors/errors';
import type { Failure } from '@parley/kit/errors/failure';
import { toFailure } from '@parley/kit/http/failures';
import { requestUrl } from '@parley/kit/network/request-url';
import { errorFields, type Log } from '@parley/kit/process/log';
import { Elysia } from 'elysia';
import { sheet } from '../views/form.ts';
import { html } from '../views/html.ts';
import type { Responder } from './responder.ts';

const titles: Record<number, string> = {
  403: 'Not allowed',
  404: 'Nothing here',
  413: 'Too large',
  422: 'Something is not right',
  429: 'Too fast',
  502: 'A service is away',
  503: 'A service is away',
};

/** A validator's message names fields and schemas, which means nothing to a person. */
const inWords = (failure: Failure): string =>
  failure.is(errors.invalid_input) || failure.is(errors.invalid_json)
    ? 'The address, or something in the form, can’t be used here. Check it, or go back and try again'
    : failure.detail;

const titleOf = (failure: Failure): string =>
  failure.is(errors.overloaded) ? 'Too many at once' : (titles[failure.status] ?? 'Something went wrong');

export interface ErrorPagesDeps {
  readonly responder: Responder;
  readonly log: Log;
}

export const errorPages = ({ responder, log }: ErrorPagesDeps) =>
  new Elysia({ name: 'requests/error-pages' }).onError({ as: 'global' }, async ({ error, request, set }) => {
    if (!request.headers.get('accept')?.includes('text/html')) return;
    const failure = toFailure(error);
    const requestId = String(set.headers['x-request-id'] ?? '');
    if (failure.status >= 500)
      log.error({
        event: 'page_failed',
        request_id: requestId,
        path: requestUrl(request.url).pathname,
        ...errorFields(failure.cause ?? error),
      });
    const title = titleOf(failure);
    const trace = failure.status >= 500 && requestId !== '' && html`<p>Request id: <code>${requestId}</code></p>`;
    const content = html`<p>${inWords(failure)}.</p>${trace}<p class="row"><a class="button" href="/">To the conversation</a> <a href="/status">Status of the services</a></p>`;
    const answer = await responder.show(await responder.visit(request), title, sheet(title, content), failure.status);
    if (failure.retryAfter !== undefined) answer.headers.set('retry-after', failure.retryAfter);
    return answer;
  });

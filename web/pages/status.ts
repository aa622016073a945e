/** `/status`: the health of each service, and how fast it answered. */

import { gateway, type ServiceName } from '@parley/client/api/gateway';
import { hidden, pageRoutes } from '../requests/page-routes.ts';
import type { Responder } from '../requests/responder.ts';
import type { Answer } from '../services/call.ts';
import type { Health } from '../services/clients.ts';
import { sheet } from '../views/form.ts';
import { type Html, html } from '../views/html.ts';

/** The states of a dependency that are shown, in words for people. Other values (a bucket, a path) are for the operator only. */
const states: Record<string, string> = {
  connected: 'connected',
  embedded: 'embedded',
  unavailable: 'away',
  enabled: 'on',
  push_disabled: 'off',
};

const docsOf = (name: ServiceName): string => `${gateway[name][0]}/docs`;

const detail = ([name, word]: [string, string]): Html =>
  html`<li${word === 'unavailable' && html` class="is-away"`}>${name}: ${states[word]}</li>`;

const line = (name: ServiceName, answer: Answer<Health>, tookMs: number, hasDocs: boolean): Html => {
  const details = answer.ok ? Object.entries(answer.value).filter(([, word]) => word in states) : [];
  const isHurt = details.some(([, word]) => word === 'unavailable');
  const [state, word] = !answer.ok ? ['is-away', 'away'] : isHurt ? ['is-hurt', 'limited'] : ['is-well', 'healthy'];
  return html`<tr class="${state}"><th scope="row">${hasDocs ? html`<a href="${docsOf(name)}" hx-boost="false">${name}</a>` : name}</th><td><span class="state">${word}</span></td><td>${answer.ok ? html`<ul class="details">${details.map(detail)}</ul>` : answer.detail}</td><td class="number">${answer.ok && `${tookMs} ms`}</td></tr>`;
};

export const statusPages = (responder: Responder) =>
  pageRoutes('status').get(
    '/status',
    async ({ request }) => {
      const visit = await responder.visit(request);
      const healths = await visit.services.health();
      const table = html`<table class="status"><thead><tr><th scope="col">Service</th><th scope="col">State</th><th scope="col">Dependencies</th><th scope="col" class="number">Answered in</th></tr></thead>
<tbody>${healths.map(({ name, answer, tookMs }) => line(name, answer, tookMs, responder.hasDocs))}<tr class="is-well"><th scope="row">web</th><td><span class="state">healthy</span></td><td></td><td></td></tr></tbody></table>
<p class="row"><a class="button" href="/status">Refresh</a> <a href="/">To the conversation</a></p>`;
      return responder.show(visit, 'Status', sheet('Status of the services', table));
    },
    hidden,
  );

/** `/status`: how each service says it is. */

import type { Answer } from '../services/call.ts';
import type { Health, ServiceName } from '../services/clients.ts';
import { sheet } from '../views/form.ts';
import { type Html, html } from '../views/html.ts';
import { hidden, pages, type Site } from './site.ts';

const NOT_DETAILS = new Set(['status', 'service']);
const WELL = /^(connected|ok|healthy|memory|embedded|local|enabled|disabled|off|on|disk)/;

const docs: Record<ServiceName, string> = {
  chat: '/api/chat/docs',
  presence: '/api/presence/docs',
  notification: '/api/notifications/docs',
  file: '/api/files/docs',
};

const detail = ([name, word]: [string, string]): Html =>
  html`<li class="${/unavailable|away|down/.test(word) ? 'is-away' : WELL.test(word) ? 'is-well' : ''}">${name}: ${word}</li>`;

const line = (name: ServiceName, answer: Answer<Health>, tookMs: number): Html => {
  const details = answer.ok ? Object.entries(answer.value).filter(([field]) => !NOT_DETAILS.has(field)) : [];
  const isHurt = details.some(([, word]) => /unavailable/.test(word));
  const [state, word] = !answer.ok ? ['is-away', 'away'] : isHurt ? ['is-hurt', 'limited'] : ['is-well', 'healthy'];
  return html`<tr class="${state}"><th scope="row"><a href="${docs[name]}" hx-boost="false">${name}</a></th><td><span class="state">${word}</span></td><td>${answer.ok ? html`<ul class="details">${details.map(([field, value]) => detail([field, String(value)]))}</ul>` : answer.detail}</td><td class="number">${answer.ok && `${tookMs} ms`}</td></tr>`;
};

export const statusPages = (site: Site) =>
  pages('status').get(
    '/status',
    async ({ request }) => {
      const visit = await site.visit(request);
      const healths = await visit.services.health();
      const table = html`<table class="status"><thead><tr><th scope="col">Service</th><th scope="col">State</th><th scope="col">Its stores</th><th scope="col" class="number">Answered in</th></tr></thead>
<tbody>${healths.map(({ name, answer, tookMs }) => line(name, answer, tookMs))}<tr class="is-well"><th scope="row">web</th><td><span class="state">healthy</span></td><td></td><td></td></tr></tbody></table>
<p><a class="button" href="/status">Look again</a> <a href="/">To the conversation</a></p>`;
      return site.show(visit, 'Status', sheet('Status of the services', table));
    },
    hidden,
  );

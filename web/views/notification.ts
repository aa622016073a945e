/** One notification, and their list, for the page and the panel. */
import type { Notification } from '@parley/client/api/notification';
import { formTokenInput } from './form.ts';
import { type Html, html } from './html.ts';
import { icon } from './icon.ts';
import { id as elementId } from './ids.ts';
import type { Reader } from './message.ts';
import { NOTIFICATIONS_PATH, roomPath } from './paths.ts';
import { clockOf } from './time.ts';

const whenAndWhere = ({ created_at, room_id }: Notification, reader: Reader): Html => {
  const clock = clockOf(reader);
  const at = Date.parse(created_at);
  return html`<small><time datetime="${created_at}" title="${clock.exact(at)}">${clock.dayName(at, Date.now())}, ${clock.time(at)}</time>${room_id && html` in <bdi>#${room_id}</bdi>`}</small>`;
};

/** A form of the list replaces only the list, in the panel and on the page. Links aren't boosted by it: they lead to other pages. */
const BOOST = html`hx-boost="target:#notifications select:#notifications swap:outerHTML push:false"`;

const act = (path: string, label: string, name: 'check' | 'trash', formToken: string): Html =>
  html`<form method="post" action="${path}" ${BOOST}>${formTokenInput(formToken)}<button class="icon-button" aria-label="${label}" title="${label}">${icon(name)}</button></form>`;

export const notification = (facts: Notification, reader: Reader, formToken: string): Html => {
  const { id, title, body, room_id, position, read } = facts;
  const text = html`<strong dir="auto">${title}</strong><span dir="auto">${body}</span>`;
  return html`<li class="notification${!read && ' fresh'}" id="n-${id}">${
    room_id
      ? html`<a hx-ignore href="${roomPath({ roomId: room_id, position, notificationId: id })}">${text}${whenAndWhere(facts, reader)}</a>`
      : html`<div hx-ignore>${text}${whenAndWhere(facts, reader)}</div>`
  }<div class="notification-acts">${!read && act(`${NOTIFICATIONS_PATH}/${id}/read`, 'Mark as read', 'check', formToken)}${act(`${NOTIFICATIONS_PATH}/${id}/delete`, 'Delete', 'trash', formToken)}</div></li>`;
};

/** The list, with the forms that change it. */
export const notifications = (list: readonly Notification[], reader: Reader, formToken: string): Html =>
  html`<section ${elementId('notifications')} class="notifications" aria-label="Notifications">
${list.some(({ read }) => !read) && html`<form method="post" action="${NOTIFICATIONS_PATH}/read-all" ${BOOST}>${formTokenInput(formToken)}<button class="quiet">Mark all as read</button></form>`}
${list.length === 0 ? html`<p class="empty">Nothing yet. You will see here when someone mentions you.</p>` : html`<ul>${list.map((facts) => notification(facts, reader, formToken))}</ul>`}
</section>`;

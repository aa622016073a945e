/** What the page loads: htmx for going from page to page, and the room that is open. */
import './page/markup.ts';
import { followToDoor, tellOfDoor } from './account/sign-in.ts';
import { keepFocus } from './navigation/focus.ts';
import { tidyAddress, watchVisits } from './navigation/visits.ts';
import { correctTimes, isPageElsewhere } from './page/zone.ts';
import { keepPush } from './push/subscription.ts';
import { openRoom } from './room.ts';
import { createUploads } from './sending/uploads.ts';
import { watchNotificationPage } from './sidebar/notification-page.ts';
import { rememberScrolled, showCurrent } from './sidebar/rooms.ts';
import { shared } from './storage/store.ts';

/** They outlive the room that they were given in. */
const uploads = createUploads();
let shown: HTMLElement | null = null;
let leaving = new AbortController();

/** Opens the room, or the other page, that is shown now, and ends the one before. Safe to call at any time. */
const follow = (): void => {
  const room = document.getElementById('room');
  const page = room ?? document.getElementById('page');
  if (page === shown) return;
  shown = page;
  leaving.abort();
  leaving = new AbortController();
  tidyAddress();
  if (room) {
    showCurrent();
    openRoom(room, leaving.signal, uploads);
    followToDoor(leaving.signal);
    keepPush();
  } else {
    if (isPageElsewhere()) correctTimes(document);
    tellOfDoor();
    watchNotificationPage(leaving.signal);
  }
};

window.addEventListener('beforeunload', (event) => {
  if (shared.held > 0) event.preventDefault();
});
// Brought back from the browser's memory the page would stay without a connection, which ended when it was left.
window.addEventListener('pageshow', ({ persisted }) => {
  if (persisted) location.reload();
});
document.documentElement.classList.add('js');
document.addEventListener('htmx:before:swap', rememberScrolled);
document.addEventListener('htmx:before:process', follow);
document.addEventListener('htmx:after:swap', follow);
keepFocus();
watchVisits();
follow();

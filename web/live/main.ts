/** The entry of the page's script: htmx, which goes from page to page, and the room that is open. */
import './page/markup.ts';
import { announceSignIn, reloadOnSignIn } from './account/sign-in.ts';
import { keepFocus } from './navigation/focus.ts';
import { tidyAddress, watchVisits } from './navigation/visits.ts';
import { roomContextOf } from './page/room-context.ts';
import { adoptZone, correctTimes } from './page/zone.ts';
import { renewPush } from './push/subscription.ts';
import { openRoom } from './room.ts';
import { Uploads } from './sending/uploads.ts';
import { watchNotificationPage } from './sidebar/notification-page.ts';
import { rememberScrolled, showCurrentRoom } from './sidebar/rooms.ts';
import { sharedStore } from './storage/store.ts';

/** Uploads go on while other pages are shown. */
const uploads = new Uploads();
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
    showCurrentRoom();
    openRoom(roomContextOf(room, leaving.signal), uploads);
    reloadOnSignIn(leaving.signal);
    renewPush();
  } else {
    if (adoptZone()) correctTimes(document);
    announceSignIn();
    watchNotificationPage(leaving.signal);
  }
};

window.addEventListener('beforeunload', (event) => {
  if (sharedStore.held > 0) event.preventDefault();
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

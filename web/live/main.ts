/** The script of every page: starts the parts that live as long as the tab, and opens the room of each page that is shown. */
import './page/markup.ts';
import { announceSignIn, reloadOnSignIn } from './account/sign-in.ts';
import { keepFocus } from './navigation/focus.ts';
import { tidyAddress, watchVisits } from './navigation/visits.ts';
import { findElement } from './page/elements.ts';
import { adoptZone, correctTimes } from './page/zone.ts';
import { renewPush } from './push/subscription.ts';
import { openRoom } from './room.ts';
import { Uploads } from './sending/uploads.ts';
import { watchNotificationPage } from './sidebar/notification-page.ts';
import { rememberScrolled, showCurrentRoom } from './sidebar/rooms.ts';
import { sharedStore } from './storage/store.ts';

const uploads = new Uploads();
let shown: HTMLElement | null = null;
let leaving = new AbortController();

/** Opens the room of the page that is shown now, and closes the previous one. Does nothing while the page is the same. */
const showPage = (): void => {
  const room = findElement('room');
  const page = room ?? findElement('page');
  if (page === shown) return;
  shown = page;
  leaving.abort();
  leaving = new AbortController();
  tidyAddress();
  if (room) {
    showCurrentRoom();
    openRoom({ element: room, signal: leaving.signal, uploads });
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
// A page from the back/forward cache has no connection any more: it was closed when the page was left.
window.addEventListener('pageshow', ({ persisted }) => {
  if (persisted) location.reload();
});
document.documentElement.classList.add('js');
document.addEventListener('htmx:before:swap', rememberScrolled);
document.addEventListener('htmx:before:process', showPage);
document.addEventListener('htmx:after:swap', showPage);
keepFocus();
watchVisits();
showPage();

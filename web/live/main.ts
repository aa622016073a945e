/** What the page loads: htmx for going from page to page, and the room that is open. */
import './trust.ts';
import { keepFocus } from './focus.ts';
import { openRoom } from './room.ts';
import { createUploads } from './uploads.ts';
import { correctTimes, isPageElsewhere } from './zone.ts';

/** They outlive the room that they were given in. */
const uploads = createUploads();
let open: { element: HTMLElement; controller: AbortController } | undefined;

/** Opens the room that the page shows now, and ends the one that it showed. Safe to call at any time. */
const follow = (): void => {
  const element = document.getElementById('room') ?? undefined;
  if (open?.element === element) return;
  open?.controller.abort();
  open = undefined;
  if (!element) {
    if (isPageElsewhere()) correctTimes(document);
    return;
  }
  const controller = new AbortController();
  open = { element, controller };
  openRoom(element, controller.signal, uploads);
};

document.documentElement.classList.add('js');
// Before hx-ws connects what was swapped in, so that nothing of the socket is missed.
document.addEventListener('htmx:before:process', follow);
document.addEventListener('htmx:after:swap', follow);
keepFocus();
follow();

/** Tabs of one browser share its session: where one of them shows the door nobody is signed in, and the others go there too. */
const CHANNEL = 'parley:door';

/** Tells the other tabs, if this page is the door. */
export const tellOfDoor = (): void => {
  if (!document.querySelector('form[action="/sign-in"]')) return;
  const others = new BroadcastChannel(CHANNEL);
  others.postMessage('shown');
  others.close();
};

/** Goes to the door when another tab is there; what is typed is kept as a draft. */
export const followToDoor = (signal: AbortSignal): void => {
  const others = new BroadcastChannel(CHANNEL);
  others.addEventListener('message', () => location.reload());
  signal.addEventListener('abort', () => others.close());
};

/** The metrics of presence besides those of requests. */
import type { Metrics } from '@parley/kit/process/metrics';
import { Gauge } from 'prom-client';

/** @returns a function that sets the number of people online */
export const countPeople = ({ registry }: Metrics): ((online: number) => void) => {
  const gauge = new Gauge({
    name: 'parley_presence_online',
    help: 'People online, as of the last sweep; the same on every replica',
    registers: [registry],
  });
  return (online) => gauge.set(online);
};

/** The front end's own metrics, beside those of its HTTP server: how long calls of the services take. */
import type { Metrics } from '@parley/kit/process/metrics';
import { Histogram } from 'prom-client';
import type { ObserveCall } from './services/clients.ts';

export const observeCalls = ({ registry }: Metrics): ObserveCall => {
  const durations = new Histogram({
    name: 'parley_web_call_duration_seconds',
    help: 'Time from a call of the front end to a service until its answer',
    labelNames: ['to', 'outcome'],
    buckets: [0.002, 0.01, 0.05, 0.2, 1, 5],
    registers: [registry],
  });
  return (to, outcome, seconds) => durations.observe({ to, outcome }, seconds);
};

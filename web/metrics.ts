/** What the front end counts beside its own requests: how long the services let it wait. */
import type { Metrics } from '@parley/kit/process/metrics';
import { Histogram } from 'prom-client';

/** @param outcome `ok`, the answer's status, or `away` when there was none in time */
export type ObserveCall = (service: string, outcome: string, seconds: number) => void;

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

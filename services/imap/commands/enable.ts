// ENABLE: RFC 5161; CONDSTORE and QRESYNC of RFC 7162.
import type { Command } from '../grammar/command';
import { AUTHENTICATED, type Handler } from '../handler';
import { enableCondstore } from '../condstore';
import { untaggedData } from '../responses/status';

export const enable: Handler<Extract<Command, { kind: 'enable' }>> = {
  states: AUTHENTICATED,
  reads: 'none',
  syncs: 'none',
  async *run({ capabilities }, { session }) {
    const switched: string[] = [];
    if (capabilities.has('QRESYNC') && !session.enabled.has('QRESYNC')) switched.push('QRESYNC');
    if (capabilities.has('CONDSTORE') && !session.enabled.has('CONDSTORE')) switched.push('CONDSTORE');
    yield untaggedData(['ENABLED', ...switched].join(' '));
    if (switched.length > 0) yield enableCondstore(session);
    if (switched.includes('QRESYNC')) session.enabled.add('QRESYNC');
    return { text: 'ENABLE completed' };
  },
};

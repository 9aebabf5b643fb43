// ID: RFC 2971. Says who we are; what the client says of itself changes nothing.
import { ANY, type Handler } from '../handler';
import { untaggedData } from '../responses/status';

export const id: Handler = {
  states: ANY,
  reads: 'none',
  syncs: 'none',
  async *run(_command, { node }) {
    yield untaggedData(`ID ("name" "${node.name}" "version" "${node.version}")`);
    return { text: 'ID completed' };
  },
};

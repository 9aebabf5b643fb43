// Who may import whom. Data flows one way: roles → core rooms → ports; adapters are picked in one place.
const core = '^services/core/';
const roles = '^services/(imap|pop3|lmtp|keeper|http|cli)/';

/** What is in `room` may import, of our own code, only what `allowed` matches (and itself). */
const only = (name, room, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: room },
  to: { path: '^(services|bin|lib|test)/', pathNot: [room, ...allowed] },
});

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-orphans', severity: 'error', from: { orphan: true, pathNot: '\\.d\\.ts$' }, to: {} },

    only('runtime', `${core}runtime/`, [], 'clock, randomness, errors, limits: under everything'),
    only('ports', `${core}store/[^/]+\\.ts$`, [`${core}runtime/`], 'ports know nothing of mail'),
    only('adapters', `${core}store/(memory|embedded|aws)/`, [`${core}runtime/`, `${core}store/[^/]+\\.ts$`], 'adapters know ports, and nothing of mail'),
    only('log', `${core}log/`, [`${core}runtime/`, `${core}store/[^/]+\\.ts$`], 'the commit protocol moves changes of any machine'),
    only('message', `${core}message/`, [`${core}runtime/`], 'MIME is pure: bytes in, facts out'),
    only('account', `${core}account/`, [`${core}(runtime|log|message)/`, `${core}store/[^/]+\\.ts$`], 'the fold of mail'),
    only('auth', `${core}auth/`, [`${core}(runtime|account)/`, `${core}store/[^/]+\\.ts$`], 'who may sign in, and to which account'),
    only('wire', `${core}wire/`, [`${core}runtime/`], 'sockets and framing, no protocol'),

    only('imap', '^services/imap/', [core], 'protocols never import each other'),
    only('pop3', '^services/pop3/', [core], 'protocols never import each other'),
    only('lmtp', '^services/lmtp/', [core], 'protocols never import each other'),
    only('imap-grammar', '^services/imap/grammar/', [`${core}(runtime|wire|message)/`], 'bytes to commands: no session, no mailbox'),
    only('imap-responses', '^services/imap/responses/', [`${core}(runtime|wire|message|account)/`, '^services/imap/grammar/'], 'values to bytes'),
    { name: 'commands-apart', comment: 'one command never calls another', severity: 'error', from: { path: '^services/(imap|pop3)/commands/([^/]+)\\.ts$' }, to: { path: '^services/$1/commands/', pathNot: '$2' } },
    { name: 'commands-no-wire', comment: 'handlers yield bytes; sockets belong to the client loop', severity: 'error', from: { path: '^services/(imap/(commands|search|fetch)|pop3/commands)/' }, to: { path: `${core}wire/(connection|listener|framer)` } },

    { name: 'adapters-picked-once', severity: 'error', from: { path: '^services/', pathNot: [`${core}store/(memory|embedded|aws)/`, '^services/wiring\\.ts$'] }, to: { path: `${core}store/(memory|embedded|aws)/` } },
    { name: 'only-aws-imports-the-sdk', severity: 'error', from: { path: '^services/', pathNot: `${core}store/aws/` }, to: { path: '^node_modules/@aws-sdk/' } },
    { name: 'only-embedded-imports-lmdb', severity: 'error', from: { pathNot: `${core}store/embedded/` }, to: { path: '^node_modules/lmdb/' } },
    {
      name: 'pure-rooms',
      comment: 'no I/O where everything must be replayable',
      severity: 'error',
      from: { path: [`${core}(message|log)/`, `${core}account/`, '^services/imap/(grammar|responses|search)/', `${core}wire/framer`] },
      to: { path: '^(node:)?(fs|net|tls|http|https|child_process|timers|worker_threads)(/|$)', dependencyTypes: ['core'] },
    },

    { name: 'services-know-no-deployment', severity: 'error', from: { path: '^services/' }, to: { path: ['^(lib|bin)/', '^node_modules/(aws-cdk-lib|constructs)/'] } },
    { name: 'deployment-knows-no-services', severity: 'error', from: { path: '^(lib|bin)/' }, to: { path: '^services/', pathNot: '^services/config\\.ts$' } },
    { name: 'nothing-imports-tests', severity: 'error', from: { path: '^(services|lib|bin)/' }, to: { path: '^test/' } },
    { name: 'roles-from-wiring', comment: 'a role is started by the wiring, never by another', severity: 'error', from: { path: roles, pathNot: '^services/cli/' }, to: { path: '^services/(wiring|main)\\.ts$' } },
  ],
  options: {
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^node_modules/(?!(lmdb|@aws-sdk|aws-cdk-lib|constructs)/)' },
  },
};

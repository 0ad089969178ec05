// The floors of ARCHITECTURE.md. Imports go down only; siblings meet in the ledger, in events or in
// the composition root. There is no list of exceptions: what does not fit moves to where it fits.
// scripts/floors.mjs runs this over a mirror of the sources (dependency-cruiser cannot parse
// TypeScript 7's language without TypeScript 6), in which a type import counts like any other. The
// floors hold for what runs; a test may reach for the whole application around the code beside it.
const floors = [
  ['main'],
  ['http', 'jobs'],
  ['engagement', 'insights', 'trust'],
  [
    'orders',
    'activities',
    'redemptions',
    'clearing',
    'green',
    'transactions',
    'transfers',
    'merges',
    'tiers',
    'messages',
    'staff',
  ],
  [
    'members',
    'merchants',
    'certificates',
    'carbon',
    'consents',
    'programs',
    'rules',
    'catalogue',
    'keys',
    'audit',
  ],
  ['ledger'],
  ['platform'],
  ['kernel'],
];

// On these floors a folder may not even import the one beside it.
const apart = [floors[3], floors[4]];

const inServer = (folders) => `^server/src/(${folders.join('|')})/`;

const floorRules = floors.flatMap((floor, level) =>
  floor.map((folder) => {
    const siblings = apart.includes(floor) ? floor.filter((each) => each !== folder) : [];
    const forbidden = [...floors.slice(0, level).flat(), ...siblings];
    return {
      name: `floor-${folder}`,
      comment: 'imports go down only; use cases and those below them never to a sibling',
      severity: 'error',
      from: { path: inServer([folder]), pathNot: '\\.test\\.' },
      to: { path: forbidden.length === 0 ? '^$' : inServer(forbidden) },
    };
  }),
);

module.exports = {
  forbidden: [
    ...floorRules,
    {
      name: 'floor-unknown',
      comment: 'a new folder of the server needs its place in .dependency-cruiser.cjs',
      severity: 'error',
      from: { path: '^server/src/', pathNot: inServer(floors.flat()) },
      to: {},
    },
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-missing-file',
      severity: 'error',
      from: {},
      to: { path: '^\\.', couldNotResolve: true },
    },
    {
      name: 'cli-uses-sdk-and-main',
      comment: 'the command line speaks to the API; of the server it may only start and stop it',
      severity: 'error',
      from: { path: '^cli/' },
      to: { path: ['^server/', '^bench/', '^@hongmi/(?!sdk$|sdk/|server/main/)'] },
    },
    {
      name: 'sdk-stands-alone',
      severity: 'error',
      from: { path: '^sdk/' },
      to: { path: ['^(server|ui|console|h5|till|cli|bench)/', '^@hongmi/'] },
    },
    {
      name: 'pages-use-the-sdk',
      comment: 'pages speak to the API, and share what is in ui/',
      severity: 'error',
      from: { path: '^(ui|console|h5|till)/' },
      to: { path: ['^(server|cli|bench)/', '^@hongmi/(?!sdk$|sdk/|ui/)'] },
    },
    {
      name: 'pages-stand-apart',
      comment: 'what two folders of pages need is in ui/',
      severity: 'error',
      from: { path: '^(ui|console|h5|till)/' },
      to: { path: '^(console|h5|till)/', pathNot: '^$1/' },
    },
    {
      name: 'server-needs-nobody',
      severity: 'error',
      from: { path: '^server/' },
      to: { path: ['^(sdk|ui|console|h5|till|cli|bench)/', '^@hongmi/'] },
    },
    {
      name: 'tests-stay-tests',
      comment: 'what only tests use must not be imported by what runs for customers',
      severity: 'error',
      from: { pathNot: ['\\.(test|setup)\\.', '/test-[^/]*$', '/testing/', '^e2e/', '^bench/'] },
      to: { path: ['\\.(test|setup)\\.', '/test-[^/]*$', '/testing/', '^vitest'] },
    },
  ],
  options: { doNotFollow: { path: 'node_modules' } },
};

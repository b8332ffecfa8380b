import path from 'node:path';

/**
 * What a check may see of the person's environment: where programs, homes and caches are, and in which language to
 * speak. A list of what is allowed, because nobody can list every name under which a token hides.
 */
const allowed: readonly string[] = [
  ...['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LANGUAGE', 'TZ', 'TMPDIR', 'TEMP', 'TMP'],
  ...['XDG_CACHE_HOME', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'XDG_STATE_HOME'],
  // Windows starts nothing without these.
  ...['SYSTEMROOT', 'SYSTEMDRIVE', 'WINDIR', 'COMSPEC', 'PATHEXT', 'USERPROFILE', 'USERNAME', 'HOMEDRIVE'],
  ...[
    'HOMEPATH',
    'APPDATA',
    'LOCALAPPDATA',
    'PROGRAMDATA',
    'PROGRAMFILES',
    'PROGRAMFILES(X86)',
    'PROGRAMW6432',
  ],
  ...['NUMBER_OF_PROCESSORS', 'PROCESSOR_ARCHITECTURE', 'OS'],
  // Where tool managers keep their tools.
  ...[
    'NVM_DIR',
    'NVM_BIN',
    'VOLTA_HOME',
    'FNM_DIR',
    'ASDF_DIR',
    'ASDF_DATA_DIR',
    'MISE_DATA_DIR',
    'PNPM_HOME',
  ],
  ...[
    'BUN_INSTALL',
    'DENO_DIR',
    'CARGO_HOME',
    'RUSTUP_HOME',
    'RUSTUP_TOOLCHAIN',
    'GOPATH',
    'GOROOT',
    'GOCACHE',
  ],
  ...[
    'GOMODCACHE',
    'GOPROXY',
    'GOFLAGS',
    'GOTOOLCHAIN',
    'JAVA_HOME',
    'VIRTUAL_ENV',
    'PYENV_ROOT',
    'UV_CACHE_DIR',
  ],
  ...['PIP_CACHE_DIR', 'CONDA_PREFIX', 'NPM_CONFIG_CACHE', 'NPM_CONFIG_PREFIX', 'NPM_CONFIG_REGISTRY'],
  // How to reach the network from here, and whom to trust there.
  ...[
    'HTTP_PROXY',
    'HTTPS_PROXY',
    'ALL_PROXY',
    'NO_PROXY',
    'SSL_CERT_FILE',
    'SSL_CERT_DIR',
    'NODE_EXTRA_CA_CERTS',
  ],
  ...['LIBRARY_PATH', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH', 'PKG_CONFIG_PATH'],
];
const names = new Set(allowed);

/** An address with a user and a password in it. */
const withCredentials = /:\/\/[^/\s]*@/;

/** The environment of a check or a setup; `own` is what its definition sets, which outranks all else. */
export function checkEnvironment(
  from: NodeJS.ProcessEnv = process.env,
  own: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(from)) {
    const upper = name.toUpperCase();
    if (value === undefined || !(names.has(upper) || upper.startsWith('LC_'))) continue;
    if (withCredentials.test(value)) continue;
    environment[name] = upper === 'PATH' ? absoluteOnly(value) : value;
  }
  // Tools stop asking, colouring and watching.
  return withOwn({ ...environment, CI: 'true', NO_COLOR: '1', TERM: 'dumb' }, own);
}

/** Windows knows no case: of `Path` and `PATH` it would take either. */
function withOwn(
  environment: Readonly<Record<string, string>>,
  own: Readonly<Record<string, string>>,
): Record<string, string> {
  const written = (name: string): string => (process.platform === 'win32' ? name.toUpperCase() : name);
  const said = new Set(Object.keys(own).map(written));
  const kept = Object.entries(environment).filter(([name]) => !said.has(written(name)));
  return { ...Object.fromEntries(kept), ...own };
}

/** A relative entry would find programs in the worktree under test. */
function absoluteOnly(value: string): string {
  return value
    .split(path.delimiter)
    .filter((entry) => path.isAbsolute(entry))
    .join(path.delimiter);
}

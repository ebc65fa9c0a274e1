interface Source {
  uri: string;
  suites: string[];
  components: string[];
}

/**
 * The one-line apt source for a Debian suite. On a Debian host it is the mirror that the host itself takes its `main`
 * from, with the suite replaced; elsewhere (no source of the host's own codename) there is none, and mmdebstrap takes
 * Debian's own mirror.
 * @param hostSources texts of the host's sources, of the one-line and the deb822 kind alike (apt's sources.list(5)).
 * @param hostCodename VERSION_CODENAME of the host's os-release.
 */
export function debianSource(suite: string, hostSources: string[], hostCodename: string): string | undefined {
  const own = hostSources
    .flatMap((text) => [...oneLineSources(text), ...deb822Sources(text)])
    .find(({ suites, components }) => suites.includes(hostCodename) && components.includes("main"));
  // An Ubuntu mirror has suites of its own codename as well, but no Debian suite.
  return own && !/ubuntu/i.test(own.uri) ? `deb ${own.uri.replace(/\/+$/, "")} ${suite} main` : undefined;
}

function oneLineSources(text: string): Source[] {
  return text.split("\n").flatMap((line) => {
    const found = /^\s*deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)\s+(.+)$/.exec(line);
    return found ? [{ uri: found[1], suites: [found[2]], components: words(found[3]) }] : [];
  });
}

function deb822Sources(text: string): Source[] {
  return text.split(/\n\s*\n/).flatMap((stanza) => {
    const field = (name: string) => words(new RegExp(`^${name}:(.*)$`, "im").exec(stanza)?.[1] ?? "");
    if (!field("Types").includes("deb") || field("Enabled")[0] === "no") return [];
    return field("URIs").map((uri) => ({ uri, suites: field("Suites"), components: field("Components") }));
  });
}

const words = (text: string) => text.trim().split(/\s+/);

import { RegistryIdentity } from "./registry-identity";
import { PullThroughCacheRules } from "./pull-through-cache-rules";
import { ENDLESS_UPSTREAM, PullThrough } from "./pull-through";
import { DEFAULT_SCANNING, ScanningConfiguration } from "./registry-scanning-configuration";
import { Repositories } from "./repositories";
import { RepositoryCreationTemplates } from "./repository-creation-templates";

/** Everything that one registry holds. */
export class EcrRegistryState {
  public readonly rules: PullThroughCacheRules;
  public readonly templates: RepositoryCreationTemplates;
  public readonly repositories: Repositories;
  public readonly pullThrough: PullThrough;
  public registryPolicy: string | undefined;
  public scanning: ScanningConfiguration = DEFAULT_SCANNING;
  /** How long an authorization token works. */
  public tokenSeconds = 12 * 60 * 60;

  constructor(public readonly identity: RegistryIdentity) {
    this.rules = new PullThroughCacheRules(identity);
    this.templates = new RepositoryCreationTemplates(identity);
    this.repositories = new Repositories(identity);
    this.pullThrough = new PullThrough(identity, this.rules, this.templates, this.repositories, ENDLESS_UPSTREAM);
  }

  /** Pulls an image as a container runtime would, by its tag. */
  public pull(repositoryName: string, { tag = "latest" }: { readonly tag?: string } = {}) {
    return this.pullThrough.pull(repositoryName, tag);
  }

  /** Whether nothing is left but what every registry has. */
  public get isEmpty(): boolean {
    const { rules, templates, repositories, registryPolicy, scanning } = this;
    const lists = [rules.all, templates.all, repositories.all, scanning.rules];
    return registryPolicy === undefined && lists.every((list) => list.length === 0);
  }
}

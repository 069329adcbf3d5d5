/** The options of a recipe that a rule was made from. */
export interface RecipeOptions {
  /** The recipe: `keepNewest`. */
  readonly recipe: string;
  /** The option that became the rule's number: `count`. */
  readonly countNumber?: string;
  /** The option that the rule's tags were listed in: `tagPatterns`. */
  readonly tags?: string;
}

const made = new WeakMap<object, RecipeOptions>();

/** Remembers from which options of a recipe a rule was made, so that messages can name what the user wrote. */
export function madeFrom<Rule extends object>(options: RecipeOptions, rule: Rule): Rule {
  made.set(rule, options);
  return rule;
}

/** The options that a rule was made from; `undefined` for a rule that no recipe wrote. */
export function optionsOf(rule: object): RecipeOptions | undefined {
  return made.get(rule);
}

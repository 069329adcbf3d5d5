/**
 * A function of a description that is worked out once: the same object always gives the same answer. Descriptions are
 * read-only, so what is remembered cannot grow old.
 */
export function remember<Description extends object, Answer>(
  work: (description: Description) => Answer,
): (description: Description) => Answer {
  const answers = new WeakMap<Description, { readonly answer: Answer }>();
  return (description) => {
    // Checks are also asked about what is no description at all.
    if (typeof description !== "object" || description === null) return work(description);
    const known = answers.get(description) ?? { answer: work(description) };
    answers.set(description, known);
    return known.answer;
  };
}

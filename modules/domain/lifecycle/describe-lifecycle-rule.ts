import { LifecycleRule, MOST_IMAGES } from "./lifecycle-policy";

/** A rule as a sentence without its full stop: `untagged images expire 30 days after their push`. */
export function describeLifecycleRule({ selection, action }: LifecycleRule): string {
  const images = `${selection.countType === "sinceImageTransitioned" ? "archived " : ""}${imagesOf(selection)}`;
  const verb = action.type === "expire" ? "expire" : "are archived";
  switch (selection.countType) {
    case "imageCountMoreThan":
      if (selection.countNumber >= MOST_IMAGES) return `${images} are kept`;
      return `of ${images} all but the newest ${selection.countNumber} ${verb}`;
    case "sinceImagePushed":
      return `${images} ${verb} ${days(selection.countNumber)} after their push`;
    case "sinceImagePulled":
      return `${images} ${verb} ${days(selection.countNumber)} after their last pull`;
    case "sinceImageTransitioned":
      return `${images} ${verb} after ${days(selection.countNumber)} in the archive`;
  }
}

function imagesOf(selection: LifecycleRule["selection"]): string {
  if (selection.tagStatus === "untagged") return "untagged images";
  if (selection.tagStatus === "any") return "images";
  const tags =
    "tagPatternList" in selection ? selection.tagPatternList : selection.tagPrefixList.map((prefix) => `${prefix}…`);
  return `images tagged ${tags.join(" and ")}`;
}

function days(count: number): string {
  return count === 1 ? "1 day" : `${count} days`;
}

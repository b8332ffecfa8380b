import type { TankNews } from './fuel.ts';
import type { Instant } from './ids.ts';

/** News as they may be kept; null: nothing in them makes sense. */
export function tidyNews(news: TankNews, _at: Instant): TankNews | null {
  return news;
}

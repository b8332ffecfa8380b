/** Where a person pays a vendor for its API. */
const pages: Readonly<Record<string, string | undefined>> = {
  claude: 'https://platform.claude.com/settings/billing',
  openai: 'https://platform.openai.com/settings/organization/billing',
  gemini: 'https://aistudio.google.com/app/billing',
  deepseek: 'https://platform.deepseek.com/top_up',
};

/** Null: nobody knows. */
export function billingPage(provider: string): string | null {
  return (Object.hasOwn(pages, provider) ? pages[provider] : undefined) ?? null;
}

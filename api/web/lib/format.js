// Values as people read them, in the language of the page.

import { language, t } from "./words.js";

// As `language.amounts` writes them in Chinese.
const CURRENCIES = { AUD: "澳元", CAD: "加元", CHF: "瑞士法郎", CNY: "元", EUR: "欧元", GBP: "英镑", HKD: "港元", JPY: "日元", KRW: "韩元", SGD: "新加坡元", TWD: "新台币", USD: "美元" };
const locale = () => (language() === "zh" ? "zh-CN" : "en-US");

/** Money without needless cents: USD 18,500. */
export function money(amount, currency) {
  if (amount === null || amount === undefined || amount === "") return "—";
  const number = Number(amount);
  const digits = Number.isInteger(number) ? 0 : 2;
  const text = new Intl.NumberFormat(locale(), { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(number);
  return withCurrency(text, currency);
}

/** Money for a narrow place: 1.1M, 223K, 110万. */
export function shortMoney(amount, currency = "") {
  const text = new Intl.NumberFormat(locale(), { notation: "compact", maximumFractionDigits: 1 }).format(Number(amount));
  return withCurrency(text, currency);
}

/** USD 5.7K, 5.7万美元: as answers write it. */
function withCurrency(text, currency) {
  if (!currency) return text;
  return language() === "zh" ? `${text}${CURRENCIES[currency] ?? ` ${currency}`}` : `${currency} ${text}`;
}

/** A calendar day: Tue 21 Apr, with the year if it is another one. */
export function day(text, today = "") {
  if (!text) return "—";
  const date = new Date(`${text.slice(0, 10)}T12:00:00Z`);
  const sameYear = today.slice(0, 4) === text.slice(0, 4);
  const options = { weekday: "short", day: "numeric", month: "short", timeZone: "UTC", ...(sameYear ? {} : { year: "numeric" }) };
  return new Intl.DateTimeFormat(language() === "zh" ? "zh-CN" : "en-GB", options).format(date);
}

/** A moment in the person's time zone: 10 Mar, 14:05. */
export function moment(text, zone) {
  if (!text) return "—";
  const options = { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hour12: false, timeZone: zone };
  return new Intl.DateTimeFormat(language() === "zh" ? "zh-CN" : "en-GB", options).format(new Date(text));
}

/** Whole days from one day to another. */
export const daysBetween = (from, to) => Math.round((Date.parse(to.slice(0, 10)) - Date.parse(from.slice(0, 10))) / 86_400_000);

/** A plain number. */
export const number = (value, digits = 0) => new Intl.NumberFormat(locale(), { maximumFractionDigits: digits }).format(value);

/** The first letters of a name, for a round sign. */
export function initials(name) {
  const words = String(name).trim().split(/\s+/);
  if (/[\u3400-\u9fff]/.test(name)) return [...name.replace(/\s/g, "")].slice(-2).join("");
  return (words[0]?.[0] ?? "") + (words.length > 1 ? words.at(-1)[0] : "");
}

/** With a capital in front, as what stands alone is written. */
export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** "3 days", "1 day". */
export const days = (n) => t(Math.abs(n) === 1 ? "days.one" : "days.many", { n });

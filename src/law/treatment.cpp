// Sentences over the answer. A demand that nobody states gives no sentence: an empty list reads
// "not known" on the page.
#include "law/treatment.hpp"

#include "base/ascii.hpp"
#include "base/said_list.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace comity::law {

namespace {

using json::Array;
using json::Object;

constexpr std::string_view floor_source = "law/floor.json";

std::string spaced(std::string_view word) {
    std::string out(word);
    std::replace(out.begin(), out.end(), '_', ' ');
    return out;
}

class Teller {
public:
    Teller(const Library& library, const Pack& pack, const Asked& asked, std::string_view language)
        : library_(library),
          pack_(pack),
          asked_(asked),
          language_(language),
          between_(library.between(asked.requesting, asked.requested, asked.day, asked.question)),
          required_(library.requirements(asked.requested, *asked.question.category)) {}

    Object tell() {
        Object out{
            {"requesting", asked_.requesting},
            {"requested", asked_.requested},
            {"category", to_text(*asked_.question.category)},
            {"date", to_text(asked_.day)},
            {"law_pack", library_.pack_digest()},
            {"instruments", instruments()},
            {"who_asks", who_asks()},
            {"who_approves", who_approves()},
            {"seriousness", seriousness()},
            {"dual_criminality", dual_criminality()},
            {"refusal", refusal()},
            {"languages", languages()},
            {"clocks", clocks()},
            {"notice", notice()},
            {"kept", kept()},
            {"remedy", remedy()}};
        if (asked_.question.offence) out["offence"] = *asked_.question.offence;
        if (between_.bonds.empty()) out["without"] = without();
        return out;
    }

private:
    /// What the law data says in its own words: in the reader's language where texts/notes.txt has
    /// it, else in English, and then told apart, so that a page can mark it as such (WCAG 3.1.2).
    [[nodiscard]] Said own(const std::string& words) const {
        auto told = say(words);
        if (language_ != text_languages.front() && told.key().empty()) english_.push_back(words);
        return told;
    }

    /// With what was left in English in it, each part verbatim; that is then forgotten.
    void mark(Object& out) const {
        if (english_.empty()) return;
        out["english"] = Array(english_.begin(), english_.end());
        english_.clear();
    }

    /// What the law data calls it.
    [[nodiscard]] const std::string& name(const Text& text) const { return text.in(language_); }

    [[nodiscard]] const std::string& name_of(const std::string& country) const {
        return name(library_.country(country)->name);
    }

    [[nodiscard]] static Said in_words(const Period& period) {
        std::vector<Said> parts;
        const auto add = [&](std::int64_t count, const Said& what) {
            if (count != 0) parts.push_back(what);
        };
        constexpr std::int64_t hour = 3600;
        add(period.years,
            period.years == 1 ? say("{} year", period.years) : say("{} years", period.years));
        add(period.months,
            period.months == 1 ? say("{} month", period.months) : say("{} months", period.months));
        add(period.days,
            period.days == 1 ? say("{} day", period.days) : say("{} days", period.days));
        const auto hours = period.seconds / hour;
        add(hours, hours == 1 ? say("{} hour", hours) : say("{} hours", hours));
        const auto seconds = period.seconds % hour;
        add(seconds, seconds == 1 ? say("{} second", seconds) : say("{} seconds", seconds));
        return Said::list(std::move(parts), " ");
    }

    void put(Array& out, const Said& text, std::string source, std::string_view confidence) const {
        Object item{
            {"text", text.in(language_)},
            {"source", std::move(source)},
            {"confidence", confidence}};
        mark(item);
        out.emplace_back(std::move(item));
    }

    static std::string_view word(std::optional<Confidence> confidence) {
        return confidence ? confidence_words[static_cast<std::size_t>(*confidence)] : "found";
    }

    /// A demand of floor or profile. The floor is ours, and its text is at hand: found.
    template <class T>
    void demand(Array& out, const Demand<T>& what, const Said& text) const {
        if (!what.value) return;
        std::vector<std::string> sources;
        if (what.origin != Origin::profile) sources.emplace_back(floor_source);
        sources.insert(sources.end(), what.sources.begin(), what.sources.end());
        if (sources.empty())
            sources.push_back("law/profiles/" + ascii_lower(asked_.requested) + ".json");
        put(out, what.note ? say("{} ({})", text, own(*what.note)) : text,
            fmt::format("{}", fmt::join(sources, "; ")),
            what.origin == Origin::floor ? "found" : word(what.confidence));
    }

    static std::string cite(const Instrument& one, const std::optional<std::string>& article) {
        return article ? fmt::format("{}, Art. {}", one.id, *article) : one.id;
    }

    // One entry of the data may name several: "14, 21".
    static void add_articles(std::set<std::string>& out, std::string_view entry) {
        std::set<std::string> parts;
        for (std::size_t at = 0; at <= entry.size();) {
            const auto end = std::min(entry.find(", ", at), entry.size());
            parts.emplace(entry.substr(at, end - at));
            at = end + 2;
        }
        const bool numbers = std::all_of(parts.begin(), parts.end(), [](const auto& part) {
            return !part.empty() && part.front() >= '0' && part.front() <= '9';
        });
        if (numbers)
            out.merge(parts);
        else
            out.emplace(entry);
    }

    static Array articles(const Provisions& provides) {
        std::set<std::string> found;
        for (const auto* article :
             {&provides.central_authority, &provides.dual_criminality.article,
              &provides.minimum_penalty.article, &provides.languages_article,
              &provides.preservation.article, &provides.emergency.article,
              &provides.direct_to_provider.article, &provides.confidentiality,
              &provides.use_limitation, &provides.data_protection, &provides.user_notice,
              &provides.remedy})
            if (*article) add_articles(found, **article);
        return Array(found.begin(), found.end());
    }

    Object instrument(const Instrument& one, Confidence confidence, bool covers) const {
        Array reservations;
        for (const auto& item : one.reservations)
            if (item.country == asked_.requesting || item.country == asked_.requested)
                note(
                    reservations, say("{} on Art. {}: {}", Said::country(item.country),
                                      item.article, own(item.effect)));
        return {
            {"id", one.id},
            {"title", one.title.all()},
            {"articles", articles(one.provides)},
            {"covers", covers},
            {"reservations", std::move(reservations)},
            {"source", one.source.text},
            {"confidence", word(confidence)}};
    }

    void note(Array& out, const Said& text) const {
        Object item{{"text", text.in(language_)}};
        mark(item);
        out.emplace_back(std::move(item));
    }

    Array instruments() const {
        Array out;
        for (const auto& bond : between_.bonds) {
            // Of an instrument for listed offences it is open whether it covers an offence that
            // nobody has named.
            const bool covers = bond.instrument->scope != Scope::offence_limited ||
                                asked_.question.offence.has_value();
            auto item = instrument(*bond.instrument, bond.confidence, covers);
            item["since"] =
                bond.since_is_exact
                    ? to_text(bond.since)
                    : say("at the latest {}", Said::day(Instant{bond.since})).in(language_);
            auto& notes = item.at("reservations").as_array();
            for (const auto& caveat : bond.caveats)
                if (caveat.kind() == Said::Kind::value)
                    note(notes, own(caveat.text()));
                else if (caveat.key() != "law.art") // stands there already
                    note(notes, caveat);
            out.emplace_back(std::move(item));
        }
        for (const auto& miss : between_.misses)
            if (miss.reason == Miss::category_not_covered ||
                miss.reason == Miss::offence_not_listed)
                out.emplace_back(
                    instrument(*miss.instrument, miss.instrument->source.confidence, false));
        return out;
    }

    std::string without() const {
        std::vector<std::string> parts;
        for (const auto& one : between_.could_serve)
            parts.push_back(say("{}: {}.", name(one.title), one.because).in(language_));
        return fmt::format("{}", fmt::join(parts, " "));
    }

    Array who_asks() const {
        Array out;
        for (const auto& country : {asked_.requesting, asked_.requested}) {
            const auto* authority = library_.central_authority(country);
            if (!authority) continue;
            std::vector<Said> parts{Said::value(name(authority->authority))};
            if (authority->unit) parts.push_back(Said::value(name(*authority->unit)));
            const auto whole = Said::list(std::move(parts), ", ");
            put(out,
                country == asked_.requesting ? say("{} asks through: {}", name_of(country), whole)
                                             : say("{} receives at: {}", name_of(country), whole),
                authority->source.text, word(authority->source.confidence));
        }
        for (const auto& bond : between_.bonds)
            if (bond.direct_to_provider)
                put(out,
                    say("{}: orders may go straight to a provider", name(bond.instrument->title)),
                    cite(*bond.instrument, bond.instrument->provides.direct_to_provider.article),
                    word(bond.confidence));
        return out;
    }

    static Said authority_word(Authority one) {
        const std::array<Said, 5> words{
            {say("a court"), say("an investigating judge"), say("a prosecutor"), say("the police"),
             say("an administrative authority")}};
        return words.at(static_cast<std::size_t>(one));
    }

    Array who_approves() const {
        Array out;
        if (required_.authority.value) {
            std::vector<Said> who;
            for (const auto one : *required_.authority.value)
                who.push_back(authority_word(one));
            demand(
                out, required_.authority,
                say("Each request is authorised by {}", Said::list(std::move(who), " or ")));
        }
        if (required_.standard.value)
            demand(out, required_.standard, say("Suspicion: {}", own(*required_.standard.value)));
        if (required_.emergency.value)
            demand(
                out, required_.emergency,
                say("In an emergency: {}", own(*required_.emergency.value)));
        return out;
    }

    void serious(Array& out, const Demand<Seriousness>& what) const {
        if (!what.value) return;
        const auto& [months, list] = *what.value;
        std::vector<Said> listed;
        for (const auto& item : list) {
            const auto* offence = library_.offence(item);
            listed.push_back(offence ? Said::value(name(offence->title)) : own(item));
        }
        const auto all = Said::list(listed, "; ");
        Said text;
        if (months == 0 && listed.empty())
            text = say("Any offence");
        else if (months == 0)
            text = say("Only: {}", all);
        else if (listed.empty())
            text = say("An offence with a maximum penalty of at least {} months", months);
        else
            text =
                say("An offence with a maximum penalty of at least {} months, or: {}", months, all);
        demand(out, what, text);
    }

    Array seriousness() const {
        Array out;
        serious(out, required_.seriousness_floor);
        serious(out, required_.seriousness_profile);
        for (const auto& bond : between_.bonds)
            if (bond.minimum_penalty_months && *bond.minimum_penalty_months > 0)
                put(out,
                    say("{}: a maximum penalty of at least {} months", name(bond.instrument->title),
                        *bond.minimum_penalty_months),
                    cite(*bond.instrument, bond.instrument->provides.minimum_penalty.article),
                    word(bond.confidence));
        return out;
    }

    static Said dual(DualRule rule) {
        const std::array<Said, 4> words{
            {say("required"), say("may be required"), say("not required for listed offences"),
             say("not required")}};
        return words.at(static_cast<std::size_t>(rule));
    }

    Array dual_criminality() const {
        Array out;
        for (const auto& bond : between_.bonds)
            if (bond.dual_criminality)
                put(out, say("{}: {}", name(bond.instrument->title), dual(*bond.dual_criminality)),
                    cite(*bond.instrument, bond.instrument->provides.dual_criminality.article),
                    word(bond.confidence));
        if (required_.dual_criminality.value)
            demand(
                out, required_.dual_criminality,
                say("Its own law: {}", dual(*required_.dual_criminality.value)));
        return out;
    }

    static Said ground(std::string_view id) {
        const std::array<Said, ground_words.size()> words{
            {say("political offence"), say("fiscal offence"), say("military offence"),
             say("discrimination"), say("already judged (ne bis in idem)"),
             say("essential interests"), say("death penalty"), say("no crime in the country asked"),
             say("disproportionate"), say("fundamental rights"), say("immunity or privilege"),
             say("its own law prohibits it")}};
        for (std::size_t i = 0; i < ground_words.size(); ++i)
            if (ground_words[i] == id) return words.at(i);
        return Said::value(spaced(id));
    }

    Array refusal() const {
        Array out;
        for (const auto& bond : between_.bonds)
            for (const auto& one : bond.instrument->named_grounds())
                put(out, ground(one.id), cite(*bond.instrument, one.article),
                    word(bond.confidence));
        for (const auto& one : required_.grounds) {
            Said text = ground(one.ground);
            if (one.mandatory)
                text = *one.mandatory ? say("{} (it must refuse)", text)
                                      : say("{} (it may refuse)", text);
            put(out, text,
                one.articles.empty() ? "law/profiles/" + ascii_lower(asked_.requested) + ".json"
                                     : fmt::format("{}", fmt::join(one.articles, "; ")),
                word(one.confidence));
        }
        return out;
    }

    Array languages() const {
        Array out;
        if (required_.languages.value)
            demand(out, required_.languages, listed(*required_.languages.value));
        for (const auto& bond : between_.bonds)
            if (!bond.instrument->provides.languages.empty())
                put(out, own(bond.instrument->provides.languages),
                    cite(*bond.instrument, bond.instrument->provides.languages_article),
                    word(bond.confidence));
        return out;
    }

    /// One sentence for each procedure: who plans a case reads these.
    Array clocks() const {
        Array out;
        for (const auto& id : pack_.procedures()) {
            const std::string file = "procedures/" + id + ".json";
            const auto* relations = pack_.data(file)->if_contains("relations");
            if (!relations || !relations->is_array()) continue;
            std::vector<Said> parts;
            for (const auto& item : relations->as_array()) {
                const auto* one = item.if_object();
                if (!one || !one->contains("is") || one->at("is") != "response") continue;
                const auto* within = one->if_contains("within");
                const auto period = within && within->is_string()
                                        ? period_from(std::string_view(within->as_string()))
                                        : std::nullopt;
                if (!period) continue;
                parts.push_back(
                    say("{} within {} of {}", acts(one->at("to")), in_words(*period),
                        acts(one->at("from"))));
            }
            const auto* title = pack_.data(file)->if_contains("title");
            const auto* told =
                title && title->is_object() ? title->as_object().if_contains(language_) : nullptr;
            if (!parts.empty())
                put(out,
                    say("{}: {}", told && told->is_string() ? std::string(told->as_string()) : id,
                        Said::list(std::move(parts), "; ")),
                    "law/" + file, "found");
        }
        return out;
    }

    /// Acts by their names in the reader's language.
    [[nodiscard]] static Said acts(const json::Value& list) {
        std::vector<Said> out;
        for (const auto& item : list.as_array()) {
            const std::string_view name(item.as_string());
            out.push_back(
                name.starts_with('@') ? Said::value(spaced(name.substr(1))) // a group of acts
                                      : Said::act(name));
        }
        return Said::list(std::move(out), ", ");
    }

    Array notice() const {
        Array out;
        if (required_.notice_within.value)
            demand(
                out, required_.notice_within,
                say("The person is told within {} of the production, unless a judge defers it",
                    in_words(*required_.notice_within.value)));
        if (required_.deferral.value)
            demand(
                out, required_.deferral,
                say("Only a judge defers it, to a date, at most {} each time",
                    in_words(*required_.deferral.value)));
        if (required_.notice.value) {
            const std::array<Said, 3> words{
                {say("Its own law gives notice"), say("Its own law gives notice in part"),
                 say("Its own law gives no notice")}};
            demand(
                out, required_.notice, words.at(static_cast<std::size_t>(*required_.notice.value)));
        }
        return out;
    }

    Array kept() const {
        Array out;
        if (required_.retention.value)
            demand(
                out, required_.retention,
                say("At most {}, then it is deleted, with a signed statement",
                    in_words(*required_.retention.value)));
        if (required_.use.value)
            demand(out, required_.use, say("Use: {}", own(*required_.use.value)));
        for (const auto& bond : between_.bonds)
            if (bond.instrument->provides.use_limitation)
                put(out, say("{}: use is limited", name(bond.instrument->title)),
                    cite(*bond.instrument, bond.instrument->provides.use_limitation),
                    word(bond.confidence));
        return out;
    }

    Array remedy() const {
        Array out;
        put(out,
            say("A challenge with the code of the notice; while it is pending nobody may open the "
                "data"),
            "law/procedures/", "found");
        if (required_.remedy_court.value)
            demand(out, required_.remedy_court, say("Court: {}", *required_.remedy_court.value));
        if (required_.remedy_time_limit.value)
            demand(
                out, required_.remedy_time_limit,
                say("Time limit: {}", own(*required_.remedy_time_limit.value)));
        if (required_.remedy_for_foreigners.value)
            demand(
                out, required_.remedy_for_foreigners,
                *required_.remedy_for_foreigners.value ? say("Open to foreigners too")
                                                       : say("Not open to foreigners"));
        return out;
    }

    const Library& library_;
    const Pack& pack_;
    const Asked& asked_;
    std::string language_;
    mutable std::vector<std::string> english_; ///< of the sentence that is being put together
    Between between_;
    Requirements required_;
};

} // namespace

Object treatment(
    const Library& library, const Pack& pack, const Asked& asked, std::string_view language) {
    return Teller(library, pack, asked, language).tell();
}

} // namespace comity::law

// Reads profiles/<alpha-2>.json. Members that are null are not known; a member that is not listed
// here is refused, so that a profile cannot carry a floor of its own.
#include "law/profile.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace comity::law {

namespace {

// "articles", "confidence" and, where the block has one, "note". A block that states something says
// how it is known; one that states nothing says that too.
void cite(Record& in, Cited& out, bool states, bool with_note) {
    out.articles = in.texts("articles");
    out.confidence = in.word_or_null<Confidence>("confidence", confidence_words);
    if (with_note) out.note = in.text_or_null("note");
    states = states || out.note.has_value();
    if (states && !out.confidence)
        in.complain(
            "confidence", "is null although the block states something", "Write found or known.");
    if (!states && out.confidence)
        in.complain("confidence", "is set although the block states nothing", "Write null.");
    if (out.confidence == Confidence::found && out.articles.empty())
        in.complain("articles", "is empty although the block was found", "Name the article.");
}

CategoryRule read_category(Record& in) {
    CategoryRule out;
    if (const auto list = in.texts_or_null("authority")) {
        out.authority.emplace();
        for (const auto& item : *list) {
            const auto at = std::find(authority_words.begin(), authority_words.end(), item);
            if (at == authority_words.end())
                in.complain(
                    "authority", fmt::format("names \"{}\"", item),
                    "Write court, investigating_judge, prosecutor, police or administrative.");
            else
                out.authority->push_back(static_cast<Authority>(at - authority_words.begin()));
        }
        if (list->empty())
            in.complain("authority", "is empty", "Name who may order it, or write null.");
    }
    Record standard = in.inner("standard");
    out.standard_term = standard.text_or_null("term");
    out.standard_plain = standard.text_or_null("plain");
    in.adopt(standard);
    out.minimum_penalty_months = in.number_or_null("minimum_penalty_months", 0, 1200);
    out.listed_offences = in.texts_or_null("listed_offences");
    if (out.minimum_penalty_months.has_value() != out.listed_offences.has_value())
        in.complain(
            "listed_offences", "does not go with \"minimum_penalty_months\"",
            "Both are known or both are null.");
    cite(
        in, out,
        out.authority || out.standard_term || out.standard_plain || out.minimum_penalty_months,
        true);
    return out;
}

void read_categories(Record& in, Profile& out) {
    Record all = in.inner("categories");
    for (const auto name : category_words) {
        Record one = all.inner(name);
        out.categories[static_cast<std::size_t>(*category_from(name))] = read_category(one);
        all.adopt(one);
    }
    in.adopt(all);
}

void read_grounds(Record& in, Profile& out) {
    for (const auto& item : in.list("grounds_of_refusal")) {
        if (!item.is_object()) {
            in.complain("grounds_of_refusal", "holds something that is not a ground");
            return;
        }
        Record one(item.as_object(), in.place() + ", grounds_of_refusal");
        GroundRule ground;
        ground.ground = one.text("ground");
        if (std::find(ground_words.begin(), ground_words.end(), ground.ground) ==
            ground_words.end())
            one.complain(
                "ground", fmt::format("is \"{}\"", ground.ground),
                "Write one of the grounds of instruments.json.");
        if (const auto rule = one.word_or_null<int>("rule", Words<2>{"mandatory", "optional"}))
            ground.mandatory = *rule == 0;
        cite(one, ground, true, true);
        in.adopt(one);
        out.grounds.push_back(std::move(ground));
    }
}

/// One block: reads its members by `read`, which says whether it states something.
template <class Block, class Read>
void block(Record& in, std::string_view name, Block& out, bool with_note, Read read) {
    Record part = in.inner(name);
    const bool states = read(part);
    cite(part, out, states, with_note);
    in.adopt(part);
}

std::optional<Period> days_if(Record& in, std::string_view name) {
    if (!in.has(name)) return std::nullopt;
    const auto days = in.number_or_null(name, 1, 36'525);
    if (!days) return std::nullopt;
    return Period{0, 0, static_cast<int>(*days), 0};
}

void read_demands(Record& in, Profile& out) {
    block(in, "languages_accepted", out.languages, true, [&](Record& part) {
        out.languages.list = part.texts_or_null("languages");
        return out.languages.list.has_value() && !out.languages.list->empty();
    });
    block(in, "domestic_mla_law", out.domestic_law, false, [&](Record& part) {
        out.domestic_law.title = part.text_or_null("title");
        return out.domestic_law.title.has_value();
    });
    read_categories(in, out);
    block(in, "dual_criminality", out.dual_criminality, false, [&](Record& part) {
        out.dual_criminality.rule = part.word_or_null<DualRule>("rule", dual_rule_words);
        out.dual_criminality.for_what = part.text_or_null("for_what");
        return out.dual_criminality.rule || out.dual_criminality.for_what;
    });
    read_grounds(in, out);
    block(in, "death_penalty_assurance", out.death_penalty_assurance, true, [&](Record& part) {
        out.death_penalty_assurance.required =
            part.word_or_null<Assurance>("required", assurance_words);
        return out.death_penalty_assurance.required.has_value();
    });
    block(in, "facts_narrative", out.narrative, false, [&](Record& part) {
        out.narrative.items = part.texts_or_null("items");
        return out.narrative.items.has_value() && !out.narrative.items->empty();
    });
    block(in, "certification", out.certification, false, [&](Record& part) {
        out.certification.needed = part.flag_or_null("needed");
        out.certification.form = part.text_or_null("form");
        return out.certification.needed || out.certification.form;
    });
    block(in, "emergency", out.emergency, false, [&](Record& part) {
        out.emergency.procedure = part.text_or_null("procedure");
        out.emergency.who = part.text_or_null("who");
        return out.emergency.procedure || out.emergency.who;
    });
    block(in, "preservation", out.preservation, true, [&](Record& part) {
        out.preservation.days = part.number_or_null("days", 0, 36'525);
        out.preservation.renewals = part.number_or_null("renewals", 0, 100);
        out.preservation.maximum_days = part.number_or_null("maximum_days", 0, 36'525);
        return out.preservation.days || out.preservation.renewals || out.preservation.maximum_days;
    });
}

void read_protection(Record& in, Profile& out) {
    block(
        in, "provider_voluntary_disclosure_to_foreign_authorities", out.voluntary_disclosure, false,
        [&](Record& part) {
            out.voluntary_disclosure.allowed = part.word_or_null<Allowed>("allowed", allowed_words);
            out.voluntary_disclosure.for_what = part.text_or_null("for_what");
            return out.voluntary_disclosure.allowed || out.voluntary_disclosure.for_what;
        });
    block(in, "user_notice", out.user_notice, false, [&](Record& part) {
        out.user_notice.by_default = part.word_or_null<Notice>("default", notice_words);
        out.user_notice.who = part.text_or_null("who");
        out.user_notice.maximum_deferral = part.text_or_null("maximum_deferral");
        out.user_notice.maximum_deferral_days = days_if(part, "maximum_deferral_days");
        return out.user_notice.by_default || out.user_notice.who ||
               out.user_notice.maximum_deferral;
    });
    block(in, "remedy", out.remedy, false, [&](Record& part) {
        out.remedy.court = part.text_or_null("court");
        out.remedy.time_limit = part.text_or_null("time_limit");
        out.remedy.who_may_file = part.text_or_null("who_may_file");
        out.remedy.foreigners_too = part.flag_or_null("foreigners_too");
        return out.remedy.court || out.remedy.time_limit || out.remedy.who_may_file ||
               out.remedy.foreigners_too;
    });
    block(in, "retention_and_use", out.retention, false, [&](Record& part) {
        out.retention.rule = part.text_or_null("rule");
        out.retention.maximum_days = days_if(part, "maximum_days");
        return out.retention.rule.has_value();
    });
    block(in, "data_protection", out.data_protection, false, [&](Record& part) {
        out.data_protection.law = part.text_or_null("law");
        out.data_protection.eu_adequacy =
            part.word_or_null<Adequacy>("eu_adequacy", adequacy_words);
        out.data_protection.eu_adequacy_decision = part.text_or_null("eu_adequacy_decision");
        return out.data_protection.law || out.data_protection.eu_adequacy ||
               out.data_protection.eu_adequacy_decision;
    });
    block(in, "oversight", out.oversight, false, [&](Record& part) {
        out.oversight.bodies = part.texts_or_null("bodies");
        return out.oversight.bodies.has_value() && !out.oversight.bodies->empty();
    });
}

void read_sources(Record& in, Profile& out) {
    out.notes = in.texts("notes");
    for (const auto& item : in.list("sources")) {
        if (!item.is_object()) {
            in.complain("sources", "holds something that is not a source");
            return;
        }
        Record one(item.as_object(), in.place() + ", sources");
        out.sources.push_back(
            {one.text("title"), one.text("where"),
             one.word<Confidence>("confidence", confidence_words)});
        in.adopt(one);
    }
}

} // namespace

Result<Profile> read_profile(const json::Object& object, const std::string& path) {
    Record in(object, path);
    Profile out;
    out.country = in.text("country");
    std::string stem = out.country;
    for (auto& c : stem)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (path != "profiles/" + stem + ".json")
        in.complain(
            "country", fmt::format("is \"{}\", which is not the file's name", out.country),
            "A profile stands in profiles/<alpha-2, small letters>.json.");
    out.as_of = in.day("as_of");
    read_demands(in, out);
    read_protection(in, out);
    read_sources(in, out);
    TRY_VOID(in.done());
    return out;
}

} // namespace comity::law

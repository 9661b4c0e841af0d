// The subcommands of `comity law`: options in, library asked, text or JSON out.
#include "apps/law_command.hpp"

#include "apps/setup.hpp"
#include "crypto/hash.hpp"
#include "procedure/explorer.hpp"
#include "procedure/procedure.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdio>

namespace comity::apps {

namespace {

constexpr int answered = 0;
constexpr int refused_status = 1;
constexpr int differs = 1;
constexpr int wrong_use = 2;

constexpr const char* question_rule = "A question names what the law pack holds";
constexpr const char* question_source = "docs/law.md, Questions without a case";

int refused(const Refusal& refusal) {
    fmt::print(stderr, "comity: {}\n", refusal.text());
    return refused_status;
}

void print(const std::string& text) {
    fmt::print("{}", text);
}

std::string directory_of(const LawOptions& options) {
    return options.law.empty() ? default_law_directory() : options.law;
}

struct Loaded {
    law::Pack pack;
    std::shared_ptr<const law::Library> library;
};

Result<Loaded> load(const LawOptions& options) {
    TRY(auto pack, law::Pack::load(directory_of(options), crypto::sha256));
    TRY(auto library, law::Library::make(pack));
    return Loaded{std::move(pack), std::move(library)};
}

law::Day today() {
    return std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
}

int between(const LawOptions& options) {
    const auto loaded = load(options);
    if (!loaded) return refused(loaded.error());
    const auto asked = asked_of(*loaded->library, options, today());
    if (!asked) {
        refused(asked.error());
        return wrong_use;
    }
    const auto answer = law::answer(*loaded->library, loaded->pack, *asked);
    print(options.json ? json::pretty(answer) : between_text(answer));
    return answered;
}

int gaps(const LawOptions& options) {
    const auto loaded = load(options);
    if (!loaded) return refused(loaded.error());
    const auto& library = *loaded->library;
    std::optional<std::string> country;
    if (!options.country.empty()) {
        const auto* found = law::country_named(library, options.country);
        if (!found || found->invented) {
            fmt::print(
                stderr, "comity: {} is no real country of the pack: give its code, such as FR\n",
                options.country);
            return wrong_use;
        }
        country = found->code;
    }
    const auto day = options.date.empty() ? std::optional(today()) : law::day_of(options.date);
    if (!day) {
        fmt::print(stderr, "comity: {} is no day: write it as 2026-03-01\n", options.date);
        return wrong_use;
    }
    auto found = law::gaps(library, *day, country);
    if (options.by_demand) law::by_demand(found);
    const auto most = options.all ? found.list.size() : options.most;
    print(options.json ? json::pretty(gaps_json(found, *day, most)) : gaps_text(found, *day, most));
    return answered;
}

// Explores every procedure; `out` takes what was found, one object each.
Result<bool> explore(const law::Pack& pack, bool as_json, json::Array& out) {
    bool good = true;
    for (const auto& id : pack.procedures()) {
        TRY(const auto procedure,
            procedure::Procedure::read(*pack.procedure_text(id), id + ".json"));
        TRY(const auto explored, procedure::explore_all(procedure));
        for (const auto& item : explored) {
            if (!as_json) fmt::print("{}\n", procedure::to_text(item));
            out.push_back(json::Object{
                {"procedure", id},
                {"text", procedure::to_text(item)},
                {"good", item.broken.empty()}});
            good = good && item.broken.empty();
        }
    }
    return good;
}

int check(const LawOptions& options) {
    const auto loaded = load(options);
    if (!loaded) return refused(loaded.error());
    auto counts = counts_json(*loaded->library, loaded->pack);
    if (!options.json) print(counts_text(counts) + "\n");
    json::Array explored;
    const auto good = explore(loaded->pack, options.json, explored);
    if (!good) return refused(good.error());
    if (options.json) {
        counts["procedures"] = std::move(explored);
        counts["good"] = *good;
        print(json::pretty(counts));
    }
    return *good ? answered : refused_status;
}

int diff(const LawOptions& options) {
    const auto before = law::Pack::load(options.law, crypto::sha256);
    if (!before) return refused(before.error());
    const auto after = law::Pack::load(options.after, crypto::sha256);
    if (!after) return refused(after.error());
    const auto changes = law::diff(*before, *after);
    if (options.json) {
        auto out = diff_json(changes);
        out["before"] = before->digest();
        out["after"] = after->digest();
        print(json::pretty(out));
    } else {
        print(diff_text(changes));
    }
    return changes.empty() ? answered : differs;
}

Result<std::string> code_of(const law::Library& library, const std::string& text) {
    const auto* found = law::country_named(library, text);
    if (found) return found->code;
    return refuse(
        Code::not_found, fmt::format("the country \"{}\"", text), question_rule, question_source,
        "Give a code of countries.json, such as FR, or a country's name in English or French");
}

} // namespace

Result<law::Asked> asked_of(
    const law::Library& library, const LawOptions& options, law::Day today) {
    law::Asked out;
    TRY(out.requesting, code_of(library, options.a));
    TRY(out.requested, code_of(library, options.b));
    if (out.requesting == out.requested)
        return refuse(
            Code::not_found, "a country and itself", question_rule, question_source,
            "Give two different countries");
    out.day = today;
    if (!options.date.empty()) {
        const auto day = law::day_of(options.date);
        if (!day)
            return refuse(
                Code::not_found, fmt::format("the day \"{}\"", options.date), question_rule,
                question_source, "Write it as 2026-03-01");
        out.day = *day;
    }
    if (!options.category.empty()) {
        out.question.category = law::category_from(options.category);
        if (!out.question.category)
            return refuse(
                Code::not_found, fmt::format("the category \"{}\"", options.category),
                question_rule, question_source,
                fmt::format("Give one of: {}", fmt::join(law::category_words, ", ")));
    }
    if (!options.offence.empty()) {
        if (!library.offence(options.offence)) {
            std::vector<std::string> ids;
            for (const auto& offence : library.offences())
                ids.push_back(offence.id);
            return refuse(
                Code::not_found, fmt::format("the offence \"{}\"", options.offence), question_rule,
                question_source, fmt::format("Give one of: {}", fmt::join(ids, ", ")));
        }
        out.question.offence = options.offence;
    }
    if (!options.territory.empty()) out.question.territory = options.territory;
    return out;
}

json::Object counts_json(const law::Library& library, const law::Pack& pack) {
    std::size_t invented = 0;
    std::size_t without_profile = 0;
    std::size_t without_authority = 0;
    for (const auto& country : library.countries()) {
        invented += country.invented ? 1u : 0u;
        without_profile += library.profile(country.code) ? 0u : 1u;
        without_authority += library.central_authority(country.code) ? 0u : 1u;
    }
    std::size_t bilateral = 0;
    std::size_t dates = 0;
    std::size_t statuses = 0;
    std::size_t parties = 0;
    for (const auto& instrument : library.instruments()) {
        bilateral += instrument.kind == law::Kind::bilateral ? 1u : 0u;
        for (const auto& one : instrument.participants) {
            statuses += one.part == law::Part::unknown ? 1u : 0u;
            if (one.part != law::Part::party) continue;
            ++parties;
            if (instrument.in_force.day || !instrument.in_force_known)
                dates += one.since.day ? 0u : 1u;
        }
    }
    return {
        {"pack", pack.digest()},
        {"counts",
         json::Object{
             {"files", pack.files().size()},
             {"forms", pack.forms().size()},
             {"procedures", pack.procedures().size()},
             {"countries", library.countries().size()},
             {"of_them_invented", invented},
             {"instruments", library.instruments().size() - bilateral},
             {"bilateral_treaties", bilateral},
             {"parties", parties},
             {"offences", library.offences().size()},
             {"data_categories", library.data_categories().size()},
             {"standards", library.standards().size()},
             {"published_figures", library.volumes().size()}}},
        {"unknown", json::Object{
                        {"countries_without_profile", without_profile},
                        {"countries_without_central_authority", without_authority},
                        {"participations_of_unknown_status", statuses},
                        {"parties_since_an_unknown_day", dates},
                        {"bilateral_treaties_whose_articles_were_not_read", bilateral}}}};
}

void add_law(Command app, LawOptions& options, std::function<int()>& run) {
    auto law = app.add_subcommand("law", "What the law pack says");
    law.require_subcommand(1);
    const auto add = [&](const char* name, const char* what, int (*work)(const LawOptions&)) {
        auto command = law.add_subcommand(name, what);
        command.add_flag("--json", options.json, "print JSON");
        command.callback([&run, &options, work] {
            run = [&options, work] {
                return work(options);
            };
        });
        return command;
    };
    auto pair = add("between", "What binds two countries: comity law between FR US", between);
    pair.add_option("requesting", options.a, "who asks: a code or a name").required();
    pair.add_option("requested", options.b, "who is asked").required();
    pair.add_option(
        "--category", options.category, "preservation, subscriber, access, traffic or content");
    pair.add_option("--offence", options.offence, "an offence of offences.json");
    pair.add_option("--territory", options.territory, "a dependent territory, such as KY");
    auto missing =
        add("gaps", "Pairs of countries that no instrument joins, or only for some offences", gaps);
    missing.add_flag("--by-demand", options.by_demand, "published figures first");
    missing.add_option("--country", options.country, "only pairs with this country");
    missing.add_option("--most", options.most, "how many pairs are listed");
    missing.add_flag("--all", options.all, "list every pair");
    auto checked = add("check", "Validate the pack and explore every procedure", check);
    for (auto command : {pair, missing})
        command.add_option("--date", options.date, "the day, 2026-03-01; else today");
    for (auto command : {pair, missing, checked})
        command.add_option("--law", options.law, "directory of the pack");
    auto changes = add("diff", "What changed between two packs", diff);
    changes.add_option("before", options.law, "directory of the one pack").required();
    changes.add_option("after", options.after, "directory of the other").required();
}

} // namespace comity::apps

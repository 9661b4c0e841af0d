// The law, for anybody: forms, procedures, countries, names. What the pack holds, as it stands
// there.
#include "api/api.hpp"
#include "api/names.hpp"
#include "base/limits.hpp"
#include "law/gaps.hpp"
#include "law/links.hpp"
#include "law/treatment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>

namespace comity::api {

namespace {

// The forms have English and French; their Arabic is by the English text.
void add_arabic(json::Value& root) {
    std::vector<json::Value*> open{&root};
    while (!open.empty()) {
        auto* value = open.back();
        open.pop_back();
        if (auto* array = value->if_array())
            for (auto& item : *array)
                open.push_back(&item);
        auto* object = value->if_object();
        if (!object) continue;
        const auto* english = object->if_contains("en");
        if (!english || !english->is_string() || !object->contains("fr")) {
            for (auto& member : *object)
                open.push_back(&member.value());
        } else if (const auto arabic = form_arabic(english->as_string()); !arabic.empty()) {
            (*object)["ar"] = arabic;
        }
    }
}

// Who keeps it keeps it for that language.
http::Response in_its_language(http::Response response) {
    response.headers.set("Vary", "Accept-Language");
    return response;
}

http::Response get_form(Api& api, const Call& call) {
    const auto* form = api.node().law().pack().form(call.param("form"));
    if (!form) return http::problem(unknown(call).value());
    json::Value schema(form->schema());
    add_arabic(schema);
    return answer_cached(call, schema);
}

http::Response get_procedure(Api& api, const Call& call) {
    const auto* text = api.node().law().pack().procedure_text(call.param("procedure"));
    if (!text) return http::problem(unknown(call).value());
    auto value = json::parse(*text, limits::procedure_bytes);
    if (!value) return http::problem(value.error());
    return answer_cached(call, *value);
}

template <class Records>
json::Array named(const Records& records) {
    json::Array out;
    for (const auto& one : records)
        out.emplace_back(json::Object{{"id", one.id}, {"title", one.title.all()}});
    return out;
}

// Treaties between two countries have titles that do not name them.
json::Array instruments(const law::Library& library) {
    auto out = named(library.instruments());
    for (std::size_t i = 0; i < out.size(); ++i) {
        const auto& one = library.instruments()[i];
        if (one.kind != law::Kind::bilateral) continue;
        json::Array both;
        for (const auto& participant : one.participants)
            both.emplace_back(participant.country);
        out[i].as_object()["between"] = std::move(both);
    }
    return out;
}

// The kinds of data that a request can name, with the labels of its form.
json::Array data_items(Api& api) {
    json::Array out;
    const auto* form = api.node().law().pack().form("request");
    const auto* field = form ? form->field("data_items") : nullptr;
    if (!field) return out;
    const auto& schema = form->schema().at("properties").as_object().at("data_items").as_object();
    const auto* items = schema.if_contains("items");
    const auto* labels = items ? items->as_object().if_contains("x-labels") : nullptr;
    if (labels)
        for (const auto& label : labels->as_object()) {
            json::Value title(label.value());
            add_arabic(title);
            out.emplace_back(json::Object{{"id", label.key()}, {"title", std::move(title)}});
        }
    return out;
}

http::Response get_vocabulary(Api& api, const Call& call) {
    const auto& library = api.node().law().library();
    json::Array procedures;
    for (const auto& id : api.node().law().pack().procedures()) {
        const auto* procedure = api.node().law().find(id);
        json::Object title;
        for (const auto& [tongue, text] : procedure->titles())
            title[tongue] = text;
        procedures.emplace_back(json::Object{{"id", id}, {"title", std::move(title)}});
    }
    return answer_cached(
        call, json::Object{
                  {"offences", named(library.offences())},
                  {"categories", named(library.data_categories())},
                  {"instruments", instruments(library)},
                  {"procedures", std::move(procedures)},
                  {"data_items", data_items(api)}});
}

http::Response list_doors(Api& api, const Call& call) {
    const auto wanted = call.request.query_if("country");
    const auto directory = api.node().directory();
    const auto language = language_of(call.request);
    json::Array items;
    for (const auto& one : api.node().law().library().central_authorities()) {
        if (wanted && one.country != *wanted) continue;
        json::Object item{
            {"country", one.country},
            {"authority", one.authority.in(language)},
            {"languages", json::Array(one.languages.begin(), one.languages.end())},
            {"source", one.source.text},
            {"confidence", law::confidence_words[static_cast<std::size_t>(one.source.confidence)]}};
        const auto add = [&](std::string_view name, const std::optional<law::Text>& text) {
            if (text) item[name] = text->in(language);
        };
        add("unit", one.unit);
        add("channel", one.channel);
        add("contact_24_7", one.contact_24_7);
        if (directory)
            for (const auto& participant : (*directory)->participants())
                if (participant.kind == directory::Kind::authority &&
                    participant.country == one.country) {
                    item["participant"] = participant.id.str();
                    item["url"] = fmt::format("https://{}:{}", participant.host, participant.port);
                }
        items.emplace_back(std::move(item));
    }
    return in_its_language(answer_cached(call, json::Object{{"items", std::move(items)}}));
}

// ---- without a case: countries, pairs, gaps

law::Day today(const Api& api) {
    return std::chrono::floor<std::chrono::days>(api.node().now());
}

} // namespace

/// What the law pack says of all countries on a day: the same for everybody, so it is made once.
struct LawWorld {
    std::string pack;
    law::Day day;
    json::Array countries; ///< without who takes part
    law::Gaps by_need;
    law::Gaps by_demand;
    law::Gaps by_name;
};

namespace {

std::shared_ptr<const LawWorld> make_world(const law::Library& library, law::Day day) {
    auto out = std::make_shared<LawWorld>();
    out->pack = library.pack_digest();
    out->day = day;
    out->by_need = law::gaps(library, day);
    out->by_demand = out->by_need;
    law::by_demand(out->by_demand);
    out->by_name = out->by_need;
    std::sort(out->by_name.list.begin(), out->by_name.list.end(), [](const auto& x, const auto& y) {
        return std::tie(x.a->code, x.b->code) < std::tie(y.a->code, y.b->code);
    });
    std::map<std::string_view, std::int64_t> gaps;
    for (const auto& gap : out->by_need.list) {
        ++gaps[gap.a->code];
        ++gaps[gap.b->code];
    }
    const auto invented =
        std::count_if(library.countries().begin(), library.countries().end(), [](const auto& one) {
            return one.invented;
        });
    for (const auto& country : library.countries()) {
        const auto bound = static_cast<std::int64_t>(law::links(library, country.code, day).size());
        // The table of gaps is of real countries; the invented ones are a world of their own.
        const std::int64_t open = country.invented ? invented - 1 - bound : gaps[country.code];
        out->countries.emplace_back(json::Object{
            {"code", country.code},
            {"name", country.name.all()},
            {"instruments", bound},
            {"gaps", open},
            {"profile", library.profile(country.code) != nullptr}});
    }
    return out;
}

std::shared_ptr<const LawWorld> world_of(Api& api) {
    const auto& library = api.node().law().library();
    const auto day = today(api);
    const std::scoped_lock lock(api.law_mutex); // who comes while it is made waits for it
    if (!api.law_world || api.law_world->day != day) api.law_world = make_world(library, day);
    return api.law_world;
}

http::Response list_countries(Api& api, const Call& call) {
    const auto world = world_of(api);
    const auto directory = api.node().directory();
    json::Array items = world->countries;
    for (auto& value : items) {
        auto& item = value.as_object();
        const std::string code(item.at("code").as_string());
        item["participates"] = directory && (*directory)->authority_of(code) != nullptr;
    }
    return answer_cached(
        call, json::Object{{"law_pack", world->pack}, {"items", std::move(items)}});
}

// The code of a country of the library, from the query or the path.
Result<const law::Country*> country_in(const Api& api, const std::optional<std::string>& code) {
    const auto* country = code ? api.node().law().library().country(*code) : nullptr;
    if (!country)
        return refuse(
            Code::not_found, say("a country {}", code.value_or("")),
            "Give the two letters of ISO 3166-1, for example FR");
    return country;
}

Result<json::Object> treatment(const Api& api, const Call& call) {
    const auto& library = api.node().law().library();
    TRY(const auto* requesting, country_in(api, call.request.query_if("requesting")));
    TRY(const auto* requested, country_in(api, call.request.query_if("requested")));
    if (requesting == requested)
        return refuse(Code::json_malformed, say("requesting and requested are two countries"));
    law::Asked asked{requesting->code, requested->code, today(api), {}};
    asked.question.category =
        law::category_from(call.request.query_if("category").value_or("subscriber"));
    if (!asked.question.category || *asked.question.category == law::Category::preservation)
        return refuse(
            Code::json_malformed, say("category is subscriber, access, traffic or content"));
    if (const auto offence = call.request.query_if("offence")) {
        if (!library.offence(*offence))
            return refuse(Code::not_found, say("an offence {}", *offence));
        asked.question.offence = *offence;
    }
    if (const auto date = call.request.query_if("date")) {
        const auto day = law::day_of(*date);
        if (!day) return refuse(Code::json_malformed, say("date is a day: YYYY-MM-DD"));
        asked.day = *day;
    }
    return law::treatment(library, api.node().law().pack(), asked, language_of(call.request));
}

http::Response get_treatment(Api& api, const Call& call) {
    auto told = treatment(api, call);
    if (!told) return http::problem(told.error());
    return in_its_language(answer_cached(call, json::Value(std::move(*told))));
}

// What serves between the two, though not for ordinary offences.
std::string nearest(
    const law::Library& library, const law::Gap& gap, law::Day day, std::string_view language) {
    std::vector<Said> out;
    const auto between = library.between(gap.a->code, gap.b->code, day);
    const auto add = [&](const law::Text& title) {
        out.push_back(Said::value(title.in(language)));
    };
    for (const auto& bond : between.bonds)
        add(bond.instrument->title);
    for (const auto& one : between.could_serve)
        add(one.title);
    return Said::list(std::move(out), "; ").in(language);
}

json::Object gap_json(
    const law::Library& library, const law::Gap& gap, law::Day day, std::string_view language) {
    json::Object out{
        {"a", gap.a->code}, {"b", gap.b->code}, {"nearest", nearest(library, gap, day, language)}};
    if (gap.demand.empty()) return out;
    const auto* most =
        *std::max_element(gap.demand.begin(), gap.demand.end(), [](const auto* x, const auto* y) {
            return *x->number < *y->number;
        });
    out["demand"] = *most->number;
    out["period"] = most->period;
    return out;
}

std::string pair_of(const law::Gap& gap) {
    return gap.a->code + "-" + gap.b->code;
}

Result<json::Object> gaps(Api& api, const Call& call) {
    TRY(const auto limit, call.limit());
    const auto order = call.request.query_if("order");
    if (order && *order != "demand" && *order != "name")
        return refuse(Code::json_malformed, say("order is demand or name"));
    const auto country = call.request.query_if("country");
    if (country) TRY_VOID(country_in(api, country));
    const auto world = world_of(api);
    const auto& all = !order               ? world->by_need
                      : *order == "demand" ? world->by_demand
                                           : world->by_name;
    const auto after = call.request.query_if("after");
    json::Array items;
    std::string last;
    std::int64_t total = 0;
    bool begun = !after;
    bool more = false;
    for (const auto& gap : all.list) {
        if (country && gap.a->code != *country && gap.b->code != *country) continue;
        ++total;
        if (!begun) {
            begun = pair_of(gap) == *after;
        } else if (items.size() < limit) {
            items.emplace_back(
                gap_json(api.node().law().library(), gap, world->day, language_of(call.request)));
            last = pair_of(gap);
        } else {
            more = true;
        }
    }
    if (!begun) return refuse(Code::json_malformed, say("after is the `next` of the page before"));
    json::Object out{{"law_pack", world->pack}, {"items", std::move(items)}, {"total", total}};
    if (more) out["next"] = last;
    return out;
}

http::Response list_gaps(Api& api, const Call& call) {
    auto told = gaps(api, call);
    if (!told) return http::problem(told.error());
    return in_its_language(answer_cached(call, json::Value(std::move(*told))));
}

http::Response get_links(Api& api, const Call& call) {
    const auto country = country_in(api, call.param("country"));
    if (!country) return http::problem(country.error());
    json::Array with;
    for (const auto& link : law::links(api.node().law().library(), (*country)->code, today(api))) {
        json::Array ids;
        for (const auto* one : link.instruments)
            ids.emplace_back(one->id);
        with.emplace_back(
            json::Object{{"country", link.country->code}, {"instruments", std::move(ids)}});
    }
    return answer_cached(
        call, json::Object{{"country", (*country)->code}, {"with", std::move(with)}});
}

} // namespace

void add_law_operations(Handlers& handlers) {
    handlers["getForm"] = get_form;
    handlers["getProcedure"] = get_procedure;
    handlers["getVocabulary"] = get_vocabulary;
    handlers["listDoors"] = list_doors;
    handlers["listCountries"] = list_countries;
    handlers["getTreatment"] = get_treatment;
    handlers["listGaps"] = list_gaps;
    handlers["getLinks"] = get_links;
}

} // namespace comity::api

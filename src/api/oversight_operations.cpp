// Oversight: saved questions, samples, alarms, and what the body itself has looked at.
#include "api/api.hpp"
#include "api/names.hpp"
#include "api/passkeys.hpp"
#include "base/limits.hpp"
#include "crypto/hash.hpp"
#include "node/compare_records.hpp"
#include "node/looks.hpp"
#include "node/oversight_search.hpp"
#include "node/own_books.hpp"
#include "node/samples.hpp"
#include "node/watch_records.hpp"
#include "record/tally.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace comity::api {

namespace {

constexpr std::size_t title_bytes = 200;

// ---- questions

struct OwnQuestion {
    std::string_view about, en, fr, ar;
};

// What every inspector asks first; each is asked of the last 90 days.
constexpr std::array<OwnQuestion, 7> usual{
    {{"emergencies", "Emergencies without a judge", "Urgences sans juge", "حالات عاجلة بلا قاضٍ"},
     {"notices", "Notices that are owed", "Notifications dues", "إشعارات مستحقة"},
     {"refusals", "Requests that were refused", "Demandes refusées", "طلبات مرفوضة"},
     {"deferrals", "People told after more than 90 days", "Personnes informées après 90 jours",
      "أشخاص أُبلغوا بعد أكثر من 90 يومًا"},
     {"dwell", "Approvals within a minute", "Approbations en moins d’une minute",
      "موافقات في أقل من دقيقة"},
     {"ceiling", "Cases that count towards the ceiling", "Dossiers comptés pour le plafond",
      "قضايا تُحسب ضمن السقف"},
     {"inspections", "Cases that were inspected", "Dossiers consultés", "قضايا اطُّلع عليها"}}};

std::string question_setting(std::int64_t number) {
    return fmt::format("question/{}", number);
}

json::Array questions(Api& api) {
    json::Array out;
    for (const auto& one : usual)
        out.emplace_back(json::Object{
            {"id", one.about},
            {"title", json::Object{{"en", one.en}, {"fr", one.fr}, {"ar", one.ar}}},
            {"query", json::Object{{"about", one.about}, {"days", "90"}}},
            {"own", false},
            {"digest", false}});
    api.node().store().read([&](node::StoreReader& reader) {
        for (std::int64_t i = 1; i <= node::counted(reader, "questions"); ++i)
            if (const auto stored = reader.setting(question_setting(i)))
                if (auto question = json::parse_object(*stored, limits::act_header_bytes))
                    out.emplace_back(std::move(*question));
    });
    return out;
}

http::Response list_questions(Api& api, const Call&) {
    return answer(json::Object{{"items", questions(api)}});
}

Result<json::Object> read_title(const json::Object& given) {
    json::Reader in{given, "title"};
    json::Object out{{"en", in.string("en")}};
    for (const std::string_view tongue : {"fr", "ar"})
        if (const auto text = in.string_if(tongue)) out[tongue] = *text;
    TRY_VOID(in.done());
    for (const auto& [tongue, text] : out)
        if (text.as_string().empty() || text.as_string().size() > title_bytes)
            return refuse(Code::json_malformed, say("a title has 1 to {} bytes", title_bytes));
    return out;
}

node::Look look_of(const Api& api, const Call& call, std::string what, std::string purpose) {
    node::Look out;
    out.at = api.node().now();
    out.person = call.session.person;
    out.office = call.session.office;
    out.what = std::move(what);
    out.purpose = std::move(purpose);
    return out;
}

Result<json::Object> save(Api& api, const Call& call) {
    TRY(const auto body, call.body());
    json::Reader in{body, "question"};
    static_cast<void>(in.string("id")); // the node gives it
    TRY(auto title, read_title(in.object("title")));
    const auto& query = in.object("query");
    static_cast<void>(in.boolean("own"));
    const auto digest = in.boolean("digest");
    TRY_VOID(in.done());
    TRY_VOID(node::CaseQuery::from(query));
    json::Object question{
        {"title", std::move(title)}, {"query", query}, {"own", true}, {"digest", digest}};
    bool full = false;
    api.node().store().write([&](node::StoreWriter& writer) {
        const auto number = node::counted(writer, "questions") + 1;
        full = number > static_cast<std::int64_t>(limits::saved_questions);
        if (full) return;
        question["id"] = fmt::format("saved-{}", number);
        writer.put_setting(question_setting(number), json::print(question));
        writer.put_setting("questions", std::to_string(number));
        node::record_look(
            api.node(), writer,
            look_of(
                api, call, "question",
                fmt::format(
                    "saved: {}",
                    std::string_view(question.at("title").as_object().at("en").as_string()))));
    });
    if (full)
        return refuse(Code::too_large, say("{} questions are saved", limits::saved_questions));
    api.services.nudge();
    return question;
}

http::Response save_question(Api& api, const Call& call) {
    return answer(save(api, call), 201);
}

// ---- cases, by what an inspector sees without opening anything

std::string reference_of(const CaseId& id) {
    return id.str().substr(0, 8);
}

const ParticipantId& keeper_or(const casefile::Case& state) {
    return state.keeper.empty() ? state.opening.requesting : state.keeper;
}

/// Who owes the next act; the keeper where nothing is owed.
ParticipantId holder_of(const casefile::Case& state, const std::vector<procedure::Owed>& owed) {
    if (!owed.empty())
        if (auto id = casefile::participant_of(state, procedure::to_text(owed.front().side));
            !id.empty())
            return id;
    return keeper_or(state);
}

json::Object case_line(
    const directory::Directory& directory, const node::SeenCase& seen, std::string_view language) {
    const auto& state = seen.state;
    const auto owed = procedure::owed(*seen.graph, state.marking);
    const bool held = std::any_of(
        owed.begin(), owed.end(), [](const auto& item) { return item.name == "resume"; });
    const auto holder = holder_of(state, owed);
    json::Object out{
        {"case", state.id.str()},
        {"reference", reference_of(state.id)},
        {"direction", "observed"},
        {"partner", state.opening.requesting.str()},
        {"partner_name", name_of(directory, state.opening.requesting, language)},
        {"procedure", state.procedure},
        {"category", state.opening.category},
        {"state", held           ? "suspended"
                  : owed.empty() ? "at-rest"
                                 : "open"},
        {"holder", holder.str()},
        {"holder_name", name_of(directory, holder, language)},
        {"acts", state.next_sequence - 1},
        {"updated", to_text(state.last_admitted)}};
    if (!owed.empty()) {
        const auto& next = owed.front();
        out["next"] = json::Object{
            {"act", next.name},
            {"side", procedure::to_text(next.side)},
            {"role", seen.graph->act(next.act).role},
            {"due", to_text(next.due)},
            {"mine", procedure::to_text(next.side) == "oversight"}};
    }
    return out;
}

Result<json::Object> ask(Api& api, const Call& call) {
    TRY(const auto limit, call.limit());
    TRY(const auto directory, api.node().directory());
    const auto& id = call.param("id");
    std::optional<json::Object> question;
    for (auto& item : questions(api))
        if (std::string_view(item.at("id").as_string()) == id) question = item.as_object();
    if (!question) return unknown(call);
    TRY(const auto query, node::CaseQuery::from(question->at("query").as_object()));
    const auto after = call.request.query_if("after");
    // One look for one question, however many pages it is read on.
    if (!after)
        api.node().store().write([&](node::StoreWriter& writer) {
            node::record_look(
                api.node(), writer,
                look_of(
                    api, call, "question",
                    std::string(question->at("title").as_object().at("en").as_string())));
        });
    const auto language = language_of(call.request);
    const auto seen = node::seen_cases(api.node());
    const auto found = node::find_cases(seen, *directory, api.node().now(), query);
    json::Array items;
    bool begun = !after;
    bool more = false;
    for (const auto& row : found) {
        const auto& state = row.seen->state;
        if (!begun) {
            begun = state.id.str() == *after;
            continue;
        }
        if (items.size() == limit) {
            more = true;
            break;
        }
        items.emplace_back(json::Object{
            {"case", state.id.str()},
            {"reference", reference_of(state.id)},
            {"why", row.why.in(language)},
            {"at", to_text(row.at)},
            {"holder_name",
             name_of(
                 *directory, holder_of(state, procedure::owed(*row.seen->graph, state.marking)),
                 language)}});
    }
    if (!begun) return refuse(Code::json_malformed, say("after is the `next` of the page before"));
    json::Object out{
        {"question", id},
        {"checkpoint_size", api.services.record.size()},
        {"asked", to_text(api.node().now())}};
    if (more) out["next"] = items.back().at("case");
    out["items"] = std::move(items);
    return out;
}

http::Response ask_question(Api& api, const Call& call) {
    return answer(ask(api, call));
}

// ---- two records

void add_names(
    const directory::Directory& directory, std::string_view language, json::Object& object,
    std::string_view id, std::string_view name) {
    if (const auto* value = object.if_contains(id))
        object[name] = name_of(directory, ParticipantId(std::string(value->as_string())), language);
}

// One look, before anybody else hears of it: the two that are asked cannot be told apart from it.
Result<json::Object> compare(Api& api, const Call& call) {
    TRY(const auto body, call.body());
    json::Reader in{body, "comparison"};
    node::ComparisonOrder order;
    order.first = ParticipantId(in.string("first"));
    order.second = ParticipantId(in.string("second"));
    const auto from = day_from(in.string("from"));
    const auto until = day_from(in.string("until"));
    TRY_VOID(in.done());
    if (!from || !until)
        return refuse(Code::json_malformed, say("a period is two days such as {}", "2026-03-01"));
    order.from = *from;
    order.until = *until;
    TRY(const auto directory, api.node().directory());
    TRY_VOID(node::check_order(api.node(), *directory, order));
    api.node().store().write([&](node::StoreWriter& writer) {
        node::record_look(
            api.node(), writer,
            look_of(
                api, call, "comparison",
                fmt::format(
                    "{} with {}, {} to {}", order.first.str(), order.second.str(),
                    day_text(order.from), day_text(order.until))));
    });
    api.services.nudge();
    TRY(const auto comparison, node::compare_records(api.node(), order));
    const auto language = language_of(call.request);
    auto out = node::print_comparison(comparison, language);
    for (const auto* side : {"first", "second"})
        add_names(*directory, language, out.at(side).as_object(), "participant", "name");
    for (auto& row : out.at("differences").as_array())
        add_names(*directory, language, row.as_object(), "performer", "performer_name");
    for (auto& row : out.at("cancelled").as_array())
        add_names(*directory, language, row.as_object(), "by", "by_name");
    return out;
}

http::Response compare_records(Api& api, const Call& call) {
    return answer(compare(api, call));
}

// ---- samples

json::Object sample_json(const node::AskedSample& sample) {
    json::Object out{
        {"id", fmt::format("s-{}", sample.number)},
        {"size", sample.size},
        {"purpose", sample.purpose},
        {"asked", to_text(sample.asked)},
        {"cases", json::Array{}}};
    if (!sample.drawn) return out;
    out["drawn"] = to_text(*sample.drawn);
    out["document"] = sample.document;
    // The checkpoint that the seed is made of; of several the first, the document has them all.
    if (const auto read = record::Sample::parse(sample.document))
        if (const auto note = record::Note::parse(read->seeds.front()))
            if (const auto checkpoint = record::Checkpoint::parse(note->text)) {
                out["checkpoint_size"] = checkpoint->size;
                out["checkpoint_root"] = text(checkpoint->root);
            }
    return out;
}

http::Response list_samples(Api& api, const Call& call) {
    const auto directory = api.node().directory();
    if (!directory) return http::problem(directory.error());
    const auto language = language_of(call.request);
    const auto samples = node::asked_samples(api.node(), limits::page_rows_usual);
    json::Array items;
    for (const auto& sample : samples) {
        auto item = sample_json(sample);
        auto& cases = item.at("cases").as_array();
        api.node().store().read([&](node::StoreReader& reader) {
            for (const auto& id : sample.cases) {
                auto state = node::find_case(api.node(), reader, id);
                if (!state) continue;
                node::SeenCase seen;
                seen.graph = node::graph_of(api.node(), *state);
                seen.state = std::move(*state);
                cases.emplace_back(case_line(**directory, seen, language));
            }
        });
        items.emplace_back(std::move(item));
    }
    return answer(json::Object{{"items", std::move(items)}});
}

Result<json::Object> draw(Api& api, const Call& call) {
    TRY(const auto body, call.body());
    json::Reader in{body, "sample"};
    const auto size = in.integer("size");
    node::AskedSample asked;
    asked.purpose = in.string("purpose");
    TRY_VOID(in.done());
    constexpr std::int64_t size_most = 1'000; // cases that people can read
    constexpr std::size_t purpose_least = 10;
    if (size < 1 || size > size_most)
        return refuse(Code::json_malformed, say("size is 1 to {}", size_most));
    if (asked.purpose.size() < purpose_least || asked.purpose.size() > limits::purpose_bytes)
        return refuse(
            Code::json_malformed,
            say("purpose has {} to {} bytes", purpose_least, limits::purpose_bytes));
    asked.size = static_cast<std::uint64_t>(size);
    asked.person = call.session.person;
    asked.office = call.session.office;
    TRY(const auto kept, node::ask_sample(api.node(), std::move(asked)));
    api.services.nudge();
    return sample_json(kept);
}

http::Response draw_sample(Api& api, const Call& call) {
    return answer(draw(api, call), 201);
}

// ---- alarms

std::string name_or(
    const directory::Directory& directory, const std::string& about, std::string_view language) {
    // A pair of participants is written with an arrow.
    constexpr std::string_view arrow = " -> ";
    if (const auto at = about.find(arrow); at != std::string::npos)
        return fmt::format(
            "{} → {}", name_of(directory, ParticipantId(about.substr(0, at)), language),
            name_of(directory, ParticipantId(about.substr(at + arrow.size())), language));
    return name_of(directory, ParticipantId(about), language);
}

// The same alarm has the same id, on every look and after a restart. What is no case's comes anew
// with each quarter.
std::string alarm_id(const node::Alarm& alarm, Instant now) {
    const std::string what =
        alarm.case_id ? alarm.case_id->str() + " " + (alarm.since ? to_text(*alarm.since) : "")
                      : record::quarter_of(now);
    return text(
        crypto::tagged_hash("comity/alarm/v1", {alarm.kind, "\n", alarm.about, "\n", what}));
}

std::vector<node::Alarm> record_alarms(Api& api) {
    std::vector<node::Alarm> out;
    const Instant now = api.node().now();
    for (const auto& view : node::watched_records(api.node())) {
        using State = node::RecordView::State;
        if (view.state == State::wrong)
            out.push_back(
                {"record-fork", std::nullopt, view.participant.str(), view.since,
                 say("its record does not hold: {}", view.problem)});
        // A night's work on a machine is no alarm.
        else if (view.state == State::away && now - view.since > std::chrono::hours{24})
            out.push_back(
                {"unreachable", std::nullopt, view.participant.str(), view.since,
                 say("its record cannot be read since {}: {}", view.since, view.problem)});
    }
    return out;
}

json::Array alarms(Api& api, const directory::Directory& directory, std::string_view language) {
    const Instant now = api.node().now();
    auto all = node::alarms(node::seen_cases(api.node()), directory, now);
    for (auto& alarm : record_alarms(api))
        all.push_back(std::move(alarm));
    std::sort(all.begin(), all.end(), [now](const auto& a, const auto& b) {
        const auto at = [now](const auto& alarm) {
            return alarm.since.value_or(now);
        };
        return std::tuple(-at(a).time_since_epoch(), a.kind, a.case_id, a.about) <
               std::tuple(-at(b).time_since_epoch(), b.kind, b.case_id, b.about);
    });
    json::Array out;
    api.node().store().read([&](node::StoreReader& reader) {
        for (const auto& alarm : all) {
            const auto id = alarm_id(alarm, now);
            const bool watch = alarm.kind == "refusals" || alarm.kind == "dwell" ||
                               alarm.kind == "ceiling" || alarm.kind == "unreachable";
            json::Object item{
                {"id", id},
                {"at", to_text(alarm.since.value_or(now))},
                {"kind", alarm.kind},
                {"grade", watch ? "watch" : "act"},
                {"title", name_or(directory, alarm.about, language)},
                {"facts", alarm.text.in(language)},
                {"said", said_json(alarm.text, language)},
                {"seen", reader.setting("alarm-seen/" + id).has_value()}};
            if (alarm.case_id) item["case"] = alarm.case_id->str();
            out.emplace_back(std::move(item));
        }
    });
    return out;
}

Result<json::Object> page_of_alarms(Api& api, const Call& call) {
    TRY(const auto limit, call.limit());
    TRY(const auto directory, api.node().directory());
    const auto after = call.request.query_if("after");
    auto all = alarms(api, *directory, language_of(call.request));
    json::Array items;
    bool begun = !after;
    bool more = false;
    for (auto& alarm : all) {
        if (!begun) {
            begun = std::string_view(alarm.at("id").as_string()) == *after;
            continue;
        }
        if (items.size() == limit) {
            more = true;
            break;
        }
        items.emplace_back(std::move(alarm));
    }
    if (!begun) return refuse(Code::json_malformed, say("after is the `next` of the page before"));
    json::Object out;
    if (more) out["next"] = items.back().at("id");
    out["items"] = std::move(items);
    return out;
}

http::Response list_alarms(Api& api, const Call& call) {
    return answer(page_of_alarms(api, call));
}

http::Response see_alarm(Api& api, const Call& call) {
    const auto directory = api.node().directory();
    if (!directory) return http::problem(directory.error());
    const auto& id = call.param("id");
    const auto all = alarms(api, **directory, "en");
    const bool there = std::any_of(all.begin(), all.end(), [&](const auto& alarm) {
        return std::string_view(alarm.at("id").as_string()) == id;
    });
    if (!there) return http::problem(unknown(call).value());
    api.node().store().write([&](node::StoreWriter& writer) {
        if (writer.setting("alarm-seen/" + id)) return; // who saw it first stands
        writer.put_setting(
            "alarm-seen/" + id,
            json::print(json::Object{
                {"person", call.session.person.str()}, {"at", to_text(api.node().now())}}));
    });
    return http::no_content();
}

// ---- looks

Result<json::Object> page_of_looks(Api& api, const Call& call) {
    TRY(const auto limit, call.limit());
    TRY(const auto directory, api.node().directory());
    TRY(const auto before, call.after("a look", 12));
    const auto language = language_of(call.request);
    const auto found = node::looks(api.node(), before, limit + 1);
    const Names names(api);
    json::Array items;
    for (const auto& look : found) {
        if (items.size() == limit) break;
        json::Object item{
            {"at", to_text(look.at)},
            {"person", look.person.str()},
            {"person_name", names.of(look.person)},
            {"office", office_name(*directory, api.node().self(), look.office, language)},
            {"what", look.what},
            {"purpose", look.purpose}};
        if (look.case_id) item["case"] = look.case_id->str();
        items.emplace_back(std::move(item));
    }
    json::Object out{{"items", std::move(items)}};
    if (found.size() > limit) out["next"] = std::to_string(found[limit - 1].number);
    return out;
}

http::Response list_looks(Api& api, const Call& call) {
    return answer(page_of_looks(api, call));
}

} // namespace

void add_oversight_operations(Handlers& handlers) {
    handlers["listQuestions"] = list_questions;
    handlers["saveQuestion"] = save_question;
    handlers["askQuestion"] = ask_question;
    handlers["compareRecords"] = compare_records;
    handlers["listSamples"] = list_samples;
    handlers["drawSample"] = draw_sample;
    handlers["listAlarms"] = list_alarms;
    handlers["seeAlarm"] = see_alarm;
    handlers["listLooks"] = list_looks;
}

} // namespace comity::api

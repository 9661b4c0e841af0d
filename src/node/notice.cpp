// Making, printing and finding notices.
#include "node/notice.hpp"

#include "act/code.hpp"
#include "base/limits.hpp"
#include "node/deliver_outbox.hpp"
#include "node/gate.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace comity::node {

namespace {

// The member of an object, or null.
const json::Value* member(const json::Value* value, std::string_view name) {
    return value && value->is_object() ? value->as_object().if_contains(name) : nullptr;
}

json::Value copy_or(const json::Value* value, json::Value otherwise) {
    return value ? *value : std::move(otherwise);
}

std::string text_of(const json::Object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

json::Array authorities(const directory::Directory& directory, const casefile::Case& state) {
    json::Array out;
    for (const auto& id :
         {state.opening.requesting, state.opening.requested, state.opening.provider}) {
        const auto* participant = directory.find(id);
        const auto name = participant ? participant->names.find("en")
                                      : std::map<std::string, std::string>::const_iterator{};
        out.emplace_back(participant && name != participant->names.end() ? name->second : id.str());
    }
    return out;
}

// Every deferral of this notice, with the court and its end.
json::Array deferrals(Node& node, StoreReader& reader, const CaseId& id) {
    json::Array out;
    for (const auto& row : reader.acts(id, 0, limits::acts_per_case)) {
        if (row.kind != "defer-notice") continue;
        const auto fields = readable_fields(node, reader, row);
        if (!fields) continue;
        const auto* court = fields->if_contains("court");
        out.emplace_back(json::Object{
            {"court", copy_or(member(court, "name"), "The court")},
            {"until", text_of(*fields, "until")}});
    }
    return out;
}

std::string country_of(const directory::Directory& directory, const ParticipantId& id) {
    const auto* participant = directory.find(id);
    return participant ? participant->country : std::string("ZZ");
}

std::string code_setting(std::string_view code) {
    return "notice:" + text(act::code_look_up(code));
}

json::Object nothing() {
    return {{"comity", "notice/1"}, {"found", false}};
}

// How the challenge stands, and what the person is told of the ruling.
json::Object challenge_state(Node& node, StoreReader& reader, const casefile::Case& state) {
    const auto has = [&](std::string_view act) {
        return state.latest.contains(std::string(act));
    };
    for (const std::string_view ruling : {"uphold-challenge", "dismiss-challenge"}) {
        if (!has(ruling)) continue;
        const auto fields = readable_fields(node, reader, state.id, ruling);
        return {
            {"state", ruling == "uphold-challenge" ? "upheld" : "dismissed"},
            {"ruling", fields ? text_of(*fields, "to_person") : ""}};
    }
    return {{"state", has("challenge") ? "pending" : "none"}, {"ruling", ""}};
}

json::Array destroyed(StoreReader& reader, const CaseId& id) {
    json::Array out;
    for (const auto& row : reader.acts(id, 0, limits::acts_per_case))
        if (row.kind == "delete" || row.kind == "purge" || row.kind == "discard")
            out.emplace_back(json::Object{{"act", row.kind}, {"at", to_text(row.admitted)}});
    return out;
}

json::Object shown(Node& node, const CaseId& id) {
    json::Object out = nothing();
    node.store().read([&](StoreReader& reader) {
        const auto state = find_case(node, reader, id);
        const auto notice = readable_fields(node, reader, id, "notify");
        if (!state || !notice) return;
        const auto given = reader.find_act(state->latest.at("notify"));
        out["found"] = true;
        out["given"] = to_text(given->admitted);
        out["notice"] = *notice;
        out["letter"] = letter(*notice);
        out["challenge"] = challenge_state(node, reader, *state);
        out["destroyed"] = destroyed(reader, id);
    });
    return out;
}

Bytes padded(json::Object answer) {
    answer["pad"] = "";
    const std::size_t bare = json::print(answer).size();
    const std::size_t whole =
        (bare / limits::notice_answer_bytes + 1) * limits::notice_answer_bytes;
    answer["pad"] = std::string(whole - bare, ' ');
    return json::print(answer);
}

struct Words {
    std::string_view head, what, why, when, who, basis, deferred, remedy, limit, aid, oversight,
        code;
};

constexpr Words english{
    "Notice: data about you was obtained",
    "What was obtained: {}",
    "Why: {}",
    "It was handed over on {}.",
    "Authorities: {}.",
    "Legal basis: {}",
    "This notice was put off by {} until {}.",
    "You can have it examined: {}, {}.",
    "Time limit: {} from the day on which this reaches you.",
    "Legal aid: {}",
    "Oversight: {}",
    "Your code: {}. With it any authority of the federation shows you this notice and takes a "
    "challenge, in your country too. Who has the code can do the same; keep it."};
constexpr Words french{
    "Notification : des données vous concernant ont été obtenues",
    "Ce qui a été obtenu : {}",
    "Pourquoi : {}",
    "Les données ont été remises le {}.",
    "Autorités : {}.",
    "Base légale : {}",
    "Cette notification a été différée par {} jusqu’au {}.",
    "Vous pouvez faire examiner cet acte : {}, {}.",
    "Délai : {} à compter du jour où ceci vous parvient.",
    "Aide juridictionnelle : {}",
    "Contrôle : {}",
    "Votre code : {}. Avec lui, toute autorité de la fédération vous montre cette notification et "
    "reçoit un recours, dans votre pays aussi. Qui a le code peut en faire autant ; gardez-le."};

template <class... Arguments>
void put(json::Array& out, std::string_view words, const Arguments&... arguments) {
    out.emplace_back(fmt::format(fmt::runtime(words), arguments...));
}

} // namespace

json::Object notice_fields(Node& node, StoreReader& reader, const casefile::Case& state) {
    const auto request = readable_fields(node, reader, state.id, "request");
    const auto directory = node.directory();
    if (!request || !directory) return {};
    const auto* plan = request->if_contains("notice_plan");
    const auto* competence = request->if_contains("competence");
    const auto* grid = request->if_contains("grid");
    std::string account = "The person concerned";
    if (grid && grid->is_array() && !grid->as_array().empty())
        if (const auto* value = member(member(&grid->as_array().front(), "selector"), "value");
            value && value->is_string())
            account = value->as_string();
    const auto produced = state.latest.find("produce");
    const auto row =
        produced == state.latest.end() ? std::nullopt : reader.find_act(produced->second);
    return {
        {"recipient",
         json::Object{
             {"name", account},
             {"reach", copy_or(member(plan, "reach"), "By the provider's account channel")}}},
        {"language", copy_or(member(plan, "language"), "en")},
        {"what", fmt::format(
                     "Data of the categories up to \"{}\" was obtained from the provider about {}.",
                     state.opening.category, account)},
        {"why", copy_or(request->if_contains("conduct"), "A criminal investigation.")},
        {"obtained_at", to_text(row ? row->admitted : node.now())},
        {"authorities", authorities(**directory, state)},
        {"legal_basis",
         copy_or(member(member(competence, "law"), "provision"), "See the request.")},
        {"deferrals", deferrals(node, reader, state.id)},
        {"remedy", copy_or(request->if_contains("remedy"), json::Object{})}};
}

void complete_notice(
    const directory::Directory& directory, const casefile::Case& state, json::Object& fields) {
    const std::string code = act::make_code(country_of(directory, state.opening.requesting));
    fields["code"] = code;
    const bool french_letter = text_of(fields, "language").starts_with("fr");
    json::Object account;
    if (const auto* given = fields.if_contains("account_notice"); given && given->is_object())
        account["title"] = text_of(given->as_object(), "title");
    if (text_of(account, "title").empty())
        account["title"] = french_letter ? french.head : english.head;
    // The text always has the code that is given here, whatever was written for it.
    account["text"] = fmt::format(
        fmt::runtime(
            french_letter ? "Une autorité a obtenu des données de ce compte. Toute autorité de la "
                            "fédération montre lesquelles et pourquoi, et reçoit un recours, avec "
                            "le code {}."
                          : "An authority obtained data of this account. Any authority of the "
                            "federation shows which and why, and takes a challenge, with the code "
                            "{}."),
        code);
    fields["account_notice"] = std::move(account);
}

json::Array letter(const json::Object& notice) {
    const Words& words = text_of(notice, "language").starts_with("fr") ? french : english;
    json::Array out;
    out.emplace_back(words.head);
    put(out, words.what, text_of(notice, "what"));
    put(out, words.why, text_of(notice, "why"));
    put(out, words.when, text_of(notice, "obtained_at"));
    std::string names;
    if (const auto* list = notice.if_contains("authorities"); list && list->is_array())
        for (const auto& item : list->as_array())
            if (item.is_string())
                names += fmt::format(
                    "{}{}", names.empty() ? "" : "; ", std::string_view(item.as_string()));
    put(out, words.who, names);
    put(out, words.basis, text_of(notice, "legal_basis"));
    if (const auto* list = notice.if_contains("deferrals"); list && list->is_array())
        for (const auto& item : list->as_array())
            if (item.is_object())
                put(out, words.deferred, text_of(item.as_object(), "court"),
                    text_of(item.as_object(), "until"));
    if (const auto* remedy = notice.if_contains("remedy"); remedy && remedy->is_object()) {
        const auto& r = remedy->as_object();
        put(out, words.remedy, text_of(r, "court"), text_of(r, "address"));
        put(out, words.limit, text_of(r, "time_limit"));
        put(out, words.aid, text_of(r, "legal_aid"));
        put(out, words.oversight, text_of(r, "oversight"));
    }
    put(out, words.code, text_of(notice, "code"));
    return out;
}

void remember_code(StoreWriter& writer, std::string_view code, const CaseId& id) {
    writer.put_setting(code_setting(code), id.str());
}

std::optional<CaseId> case_of_code(StoreReader& reader, std::string_view code) {
    const auto id = reader.setting(code_setting(code));
    return id ? std::optional<CaseId>(CaseId(*id)) : std::nullopt;
}

std::optional<CaseId> noticed_case(Node& node, std::string_view typed) {
    // What is misspelt is looked up too, under a name that nothing has.
    const auto code = act::read_code(typed).value_or(std::string("none"));
    std::optional<CaseId> id;
    node.store().read([&](StoreReader& reader) { id = case_of_code(reader, code); });
    return id;
}

Bytes look_up_here(Node& node, std::string_view typed) {
    const auto id = noticed_case(node, typed);
    return padded(id ? shown(node, *id) : nothing());
}

namespace {

// Who can say what a code is of: the authority of its country. Null for this node, and for a code
// of nobody, which is nothing here as anywhere.
const directory::Participant* who_gave(
    const Node& node, const directory::Directory& directory,
    const std::optional<std::string>& code) {
    const auto* authority = code ? directory.authority_of(act::code_country(*code)) : nullptr;
    return authority && authority->id != node.self() ? authority : nullptr;
}

std::optional<PeerAnswer> ask_authority(
    Node& node, const directory::Participant& authority, const std::string& target,
    const std::string& code) {
    Said problem;
    return node.peers().call(
        authority.id,
        {"POST", target, {}, json::print(json::Object{{"code", code}}), "application/json"},
        problem);
}

tl::unexpected<Refusal> away(const std::string& code) {
    return refuse(
        Code::peer_away,
        say("the authority of {} does not answer now", Said::country(act::code_country(code))));
}

} // namespace

Result<Bytes> look_up(Node& node, std::string_view typed) {
    TRY(const auto directory, node.directory());
    const auto code = act::read_code(typed);
    const auto* authority = who_gave(node, *directory, code);
    if (!authority) return look_up_here(node, typed);
    const auto answer = ask_authority(node, *authority, "/exchange/v1/notices", *code);
    const bool whole = answer && answer->status == 200 &&
                       answer->body.size() % limits::notice_answer_bytes == 0 &&
                       json::parse_object(answer->body, limits::act_part_bytes * 2).has_value();
    if (!whole) return away(*code);
    return answer->body;
}

Result<std::optional<Bytes>> fetch_notice(
    Node& node, std::string_view typed, const ExportHere& here) {
    TRY(const auto directory, node.directory());
    const auto code = act::read_code(typed);
    const auto* authority = who_gave(node, *directory, code);
    if (!authority) return here(typed);
    auto answer = ask_authority(node, *authority, "/exchange/v1/notices/bundle", *code);
    if (!answer || (answer->status != 200 && answer->status != 404)) return away(*code);
    if (answer->status == 404) return std::optional<Bytes>();
    return std::optional<Bytes>(std::move(answer->body));
}

Door::Door(std::int64_t burst, std::int64_t per_minute)
    : burst_(burst * 1000), per_minute_(per_minute * 1000), left_(burst_) {}

Result<void> Door::pass(Instant now) {
    const std::scoped_lock lock(mutex_);
    if (now > last_) {
        const auto since = std::min<std::int64_t>((now - last_).count(), 3'600'000);
        left_ = std::min(burst_, left_ + since * per_minute_ / 60'000);
        last_ = now;
    }
    if (left_ < 1000) return refuse(Code::rate_exceeded, say("too many tries at this door"));
    left_ -= 1000;
    return {};
}

} // namespace comity::node

// Wiring of one node's pages' interface over the practice federation.
#include "support/api_world.hpp"

#include "base/limits.hpp"
#include "support/api_schema.hpp"

namespace comity::test {

ApiWorld::ApiWorld(const std::string& participant)
    : own_(std::make_unique<Practice>()), practice(*own_), participant_(participant) {
    make();
}

ApiWorld::ApiWorld(Practice& shared, const std::string& participant)
    : practice(shared), participant_(participant) {
    make();
}

void ApiWorld::make() {
    sequencer_ = std::make_unique<node::Sequencer>(node());
    staging_ = std::make_unique<node::Staging>(node());
    openings_ = std::make_unique<node::Openings>(node());
    services_ = std::make_unique<http::Services>(http::Services{
        node(), *sequencer_, *staging_, *openings_, [] {},
        [] { return std::optional<std::string>(); }, [] { return std::string(); },
        [](const CaseId&, const std::string& which,
           const std::array<std::string, 2>& languages) -> Result<Bytes> {
            return Bytes("%PDF of act " + which + ", " + languages[0] + "+" + languages[1]);
        },
        [](const http::DraftToPrint& draft,
           const std::array<std::string, 2>& languages) -> Result<Bytes> {
            return Bytes(
                "%PDF of a draft of " + draft.form + ", " + languages[0] + "+" + languages[1]);
        }});
    const std::string host = participant_ + ".example";
    api_ = std::make_unique<api::Api>(*services_, api::Settings::of(host, 443));
    api::add_routes(router_, *api_);
}

void ApiWorld::practise(const api::PracticeKeys& keys) {
    api_ = std::make_unique<api::Api>(*services_, api_->settings, &keys);
    router_ = {};
    api::add_routes(router_, *api_);
}

http::Response ApiWorld::call(const Ask& ask) {
    http::Request request;
    request.method = ask.method;
    const auto question = ask.path.find('?');
    request.target = "/api/v1" + ask.path;
    request.path = "/api/v1" + ask.path.substr(0, question);
    for (std::string_view rest =
             question == std::string::npos ? "" : std::string_view(ask.path).substr(question + 1);
         !rest.empty();) {
        const auto end = std::min(rest.find('&'), rest.size());
        const auto pair = rest.substr(0, end);
        const auto equals = pair.find('=');
        request.query[std::string(pair.substr(0, equals))] = pair.substr(equals + 1);
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    request.body = ask.body.is_null() ? ask.raw : json::print(ask.body);
    if (!ask.cookie.empty()) request.headers.set("Cookie", ask.cookie);
    if (!ask.origin.empty()) request.headers.set("Origin", ask.origin);
    for (const auto& [name, value] : ask.headers)
        request.headers.set(name, value);
    const auto match = router_.find(ask.method, request.path, false);
    if (!match.route) return http::problem(404, "no such route");
    request.params = match.params;
    auto response = match.route->handler(request);
    for (const auto& operation : api::operations())
        if (operation.method == match.route->method &&
            "/api/v1" + operation.path == match.route->pattern)
            check_contract(operation.id, response);
    return response;
}

http::Response ApiWorld::get(const std::string& path, const std::string& cookie) {
    return call({"GET", path, nullptr, cookie, "", {}});
}

http::Response ApiWorld::post(
    const std::string& path, const json::Value& body, const std::string& cookie) {
    return call({"POST", path, body, cookie, "https://" + participant_ + ".example", {}});
}

http::Response ApiWorld::put(const std::string& path, Bytes raw, const std::string& cookie) {
    return call(
        {"PUT", path, nullptr, cookie, "https://" + participant_ + ".example", {}, std::move(raw)});
}

http::Response ApiWorld::remove(const std::string& path, const std::string& cookie) {
    return call({"DELETE", path, nullptr, cookie, "https://" + participant_ + ".example", {}, {}});
}

Person& ApiWorld::sign_in_key(const std::string& name) {
    const auto known = sign_in_keys_.find(name);
    if (known != sign_in_keys_.end()) return known->second;
    const auto& signer = practice.world.person(participant_, name);
    Enrolment enrolment;
    enrolment.person = signer.entry.person.str();
    enrolment.office = signer.entry.office.str();
    enrolment.roles = signer.entry.roles;
    enrolment.purpose = directory::Purpose::sign_in;
    auto person = practice.world.enrol(
        participant_, enrolment,
        {&practice.world.person(participant_, "first-founder"),
         &practice.world.person(participant_, "second-founder")});
    node().store().write([&](node::StoreWriter& writer) {
        writer.put_roll({person.hash, person.entry.person, person.text, false});
    });
    return sign_in_keys_.emplace(name, std::move(person)).first->second;
}

json::Object ApiWorld::assertion(const Person& person, const std::string& challenge) const {
    const auto bytes = digest_from_text(challenge);
    REQUIRE(bytes.has_value());
    return act::print_assertion(person.authenticator.sign(view(*bytes)));
}

std::string ApiWorld::signed_in(const std::string& name) {
    const auto& person = sign_in_key(name);
    const auto begun = object_of(post("/session/challenge", nullptr));
    const auto response =
        post("/session", assertion(person, std::string(begun.at("challenge").as_string())));
    REQUIRE_MESSAGE(response.status == 200, response.body);
    const auto cookie = response.headers.find("Set-Cookie");
    REQUIRE(cookie.has_value());
    return std::string(cookie->substr(0, cookie->find(';')));
}

json::Object object_of(const http::Response& response) {
    const auto object = json::parse_object(response.body, limits::act_part_bytes);
    REQUIRE_MESSAGE(object.has_value(), response.body);
    return *object;
}

std::string code_of(const http::Response& response) {
    const auto object = json::parse_object(response.body, limits::act_part_bytes);
    const auto* code = object ? object->if_contains("code") : nullptr;
    return code && code->is_string() ? std::string(code->as_string()) : "";
}

json::Object opening() {
    return {
        {"requesting", "arcadia-authority"},
        {"requested", "borealia-authority"},
        {"provider", "vault-provider"},
        {"third", json::Array{}},
        {"category", "access"},
        {"recipient", "arcadia-police"}};
}

json::Object intent(
    ApiWorld& world, const std::string& name, const std::string& act, json::Object fields) {
    const auto& entry = world.practice.world.person("arcadia-authority", name).entry;
    json::Object out{
        {"act", act},
        {"office", entry.office.str()},
        {"role", entry.roles.front()},
        {"fields", std::move(fields)}};
    if (world.practice.case_id.empty()) {
        out["procedure"] = "mla";
        out["opening"] = opening();
    } else {
        out["case"] = world.practice.case_id.str();
    }
    return out;
}

} // namespace comity::test

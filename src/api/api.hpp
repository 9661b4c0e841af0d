// The interface of the pages on a node's HTTPS listener: /api/v1, its sessions and its guards. Each
// operation of the contract is a function; before it runs, the rule that stands in the contract was
// enforced: signed in, in one of the roles, from our own origin, and for an object that may be
// seen.
#pragma once

#include "api/contract.hpp"
#include "api/doors.hpp"
#include "api/sessions.hpp"
#include "api/translate.hpp"
#include "base/limits.hpp"
#include "http/routes.hpp"
#include "node/notice.hpp"
#include "record/release.hpp"

#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace comity::api {

class PracticeKeys;

struct Settings {
    std::string host;   ///< the relying party of sign-in; approvals use sign.HOST
    std::string origin; ///< https://HOST[:port]: what is for anybody
    std::string people; ///< https://sign.HOST[:port]: where people sign in and work; a browser
                        ///< lets a page there use the passkeys of both relying parties
    /// For a node that is reached as `host`; 443 is the port that no origin names.
    static Settings of(const std::string& host, int port);
};

struct LawWorld; // law_operations.cpp

/// What operations work on; outlives the server.
struct Api {
    http::Services& services;
    Settings settings;
    Sessions sessions;
    Doors doors;
    /// Null outside the practice world: then what it serves is not there at all.
    const PracticeKeys* practice;
    /// For codes of notices and challenges, as at /notice/v1 (T35, T36).
    node::Door door{limits::door_burst, limits::door_per_minute};
    /// Null where the settings name no program; outlives the server.
    Translator* translator = nullptr;
    Doors translations{limits::translation_burst, limits::translation_per_minute}; ///< by person
    std::mutex law_mutex;
    std::shared_ptr<const LawWorld> law_world; ///< of today; made when it is first asked for
    /// What runs here; without a state nobody has said. Set before anything is served, and worked
    /// out beside the start: the program's file is large.
    std::shared_future<record::Running> running;

    Api(http::Services& given, Settings set, const PracticeKeys* keys = nullptr)
        : services(given), settings(std::move(set)), sessions(given.node), practice(keys) {}

    [[nodiscard]] node::Node& node() const { return services.node; }
};

/// One call, after its guards.
struct Call {
    const http::Request& request;
    const Operation& operation;
    Session session; ///< empty person where the operation is for anybody

    [[nodiscard]] const std::string& param(const std::string& name) const {
        return request.param(name);
    }

    [[nodiscard]] bool has_role(std::string_view role) const;
    /// The request's body as an object, read once; refuses what is no JSON object.
    [[nodiscard]] Result<json::Object> body() const;
    /// The query's `limit`, within bounds.
    [[nodiscard]] Result<std::size_t> limit() const;
    /// The query's `after` where rows are numbered; `what` names a row for the one who misspelt it.
    [[nodiscard]] Result<std::optional<std::int64_t>> after(
        std::string_view what, std::size_t digits) const;
};

using Handler = std::function<http::Response(Api&, const Call&)>;
/// By operationId.
using Handlers = std::map<std::string, Handler, std::less<>>;

/// The operations, by group; each in a file of its own.
void add_session_operations(Handlers& handlers);
void add_case_operations(Handlers& handlers);
void add_evidence_operations(Handlers& handlers);
void add_desk_operations(Handlers& handlers);
void add_law_operations(Handlers& handlers);
void add_worklist_operations(Handlers& handlers);
void add_draft_operations(Handlers& handlers);
void add_office_operations(Handlers& handlers);
void add_assess_operations(Handlers& handlers);
void add_judge_operations(Handlers& handlers);
void add_oversight_operations(Handlers& handlers);
void add_public_operations(Handlers& handlers);
void add_people_operations(Handlers& handlers);
void add_practice_operations(Handlers& handlers);
void add_mail_operations(Handlers& handlers);
void add_hands_operations(Handlers& handlers);
void add_sighting_operations(Handlers& handlers);
void add_key_operations(Handlers& handlers);
void add_translate_operations(Handlers& handlers);

/// Every operation that this program has, by operationId. A handler for an operation that the
/// contract does not have is a bug.
const Handlers& handlers();

/// Adds the routes of every operation that has a handler.
void add_routes(http::Router& router, Api& api);

// ---- for the operations

http::Response answer(const Result<json::Object>& result, int status = 200);
/// With an ETag over the body; 304 when the caller has it.
http::Response answer_cached(const Call& call, const json::Value& value);
/// The session cookie's token. One that comes twice is none: somebody else set one of them.
std::optional<std::string> session_token(const http::Request& request);
/// What an unknown object and one that the caller may not see have in common.
tl::unexpected<Refusal> unknown(const Call& call);

} // namespace comity::api

// Requests and responses as values, and the form in which a refusal travels (RFC 9457). Nothing
// here knows a socket.
#pragma once

#include "base/bytes.hpp"
#include "base/json.hpp"
#include "base/refusal.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace comity::http {

/// Header fields in the order in which they came; names are compared without regard to case.
class Headers {
public:
    Headers() = default;

    Headers(std::initializer_list<std::pair<std::string, std::string>> fields) : fields_(fields) {}

    /// The first field of that name.
    [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;
    [[nodiscard]] std::size_t count(std::string_view name) const;

    [[nodiscard]] bool has(std::string_view name) const { return find(name).has_value(); }

    /// Replaces every field of that name.
    void set(std::string name, std::string value);
    void add(std::string name, std::string value);

    [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& fields() const {
        return fields_;
    }

private:
    std::vector<std::pair<std::string, std::string>> fields_;
};

struct Request {
    std::string method;
    std::string target; ///< as it came, with the query
    std::string path;   ///< decoded, without the query; no segment is "." or ".."
    std::map<std::string, std::string> query; ///< decoded; a name that came twice was refused
    Headers headers;
    Bytes body;
    std::map<std::string, std::string> params; ///< from the route's pattern, decoded
    std::optional<Digest> peer_certificate;    ///< SHA-256 of the client's certificate (DER)
    std::optional<std::string> peer;           ///< the participant whose certificate that is
    std::string address;                       ///< of the caller; of IPv6 the network of 64 bits
    bool local = false;                        ///< came through the control socket

    /// The parameter of the route's pattern; asking for one that the pattern lacks is a bug.
    [[nodiscard]] const std::string& param(const std::string& name) const;
    [[nodiscard]] std::optional<std::string> query_if(const std::string& name) const;
};

struct Response {
    int status = 200;
    std::string content_type; ///< empty: no Content-Type field
    Bytes body;
    Headers headers; ///< further fields; the server sets lengths, dates and connection itself
    /// What `problem` was given, so that it can be told in another language; does not travel.
    std::shared_ptr<const Refusal> refusal;
};

Response json_response(int status, const json::Value& value);
Response text_response(int status, std::string text);
/// 204.
Response no_content();

/// The status under which a refusal travels.
int status_of(Code code);

/// application/problem+json (RFC 9457): type `urn:comity:refusal:<code>`, title, status, detail,
/// and our members code, rule, source, facts, remedy.
Response problem(const Refusal& refusal);
/// The same for a reader: in that language, with the facts once more as `said` (key, parameters,
/// text) where they are a text of texts/*.txt.
Response problem_in(const Refusal& refusal, std::string_view language);
/// A problem of HTTP itself, type `about:blank`.
Response problem(int status, std::string_view detail);
/// 500, or 503 when storage failed. Outside a fault is only its number.
Response incident_problem(int status, std::string_view incident);

/// The refusal that a response carries; nothing when it is another kind of answer, or names a code
/// that this program does not know.
std::optional<Refusal> refusal_from(const Response& response);

/// The registered phrase of a status, for example `Not Found`.
std::string_view status_phrase(int status);

} // namespace comity::http

// The table of routes: each route is one value. The server looks requests up in it, and the
// documentation is printed from it.
#pragma once

#include "http/message.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace comity::http {

enum class Who {
    anybody, ///< with or without a certificate
    peer,    ///< a participant, by the certificate that the directory names
    local,   ///< the node's own people and programs, through the control socket
};

std::string_view name_of(Who who);

struct Route {
    std::string method;
    /// Literal segments, `{name}` for one segment, and as the last segment `{name...}` for the
    /// rest of the path, for example /exchange/v1/cases/{case}/acts.
    std::string pattern;
    Who who = Who::peer;
    std::size_t body_bytes_max = 0; ///< 0: the request has no body
    std::string summary;
    std::function<Response(const Request&)> handler;
};

class Router {
public:
    /// A pattern that is malformed, or stands there already with the same method, is a bug.
    void add(Route route);

    [[nodiscard]] const std::vector<Route>& routes() const { return routes_; }

    struct Match {
        const Route* route = nullptr; ///< null when no route has this path and method
        std::map<std::string, std::string> params;
        /// Methods that the path has, for 405; empty when the path is unknown.
        std::vector<std::string> allowed;
    };

    /// Local routes are seen only by local requests, so from outside they look unknown. A literal
    /// segment is preferred to a parameter, and a parameter to the rest of the path. HEAD finds
    /// the route of GET.
    [[nodiscard]] Match find(std::string_view method, std::string_view path, bool local) const;

private:
    std::vector<Route> routes_;
    std::vector<std::vector<std::string>> segments_; ///< of each route's pattern
};

} // namespace comity::http

// Looking up a path in the table of routes.
#include "http/router.hpp"

#include <algorithm>

namespace comity::http {

namespace {

std::vector<std::string> split(std::string_view path) {
    CHECK_THAT(path.starts_with('/'));
    std::vector<std::string> out;
    while (!path.empty()) {
        path.remove_prefix(1);
        const auto end = path.find('/');
        out.emplace_back(path.substr(0, end));
        path = end == std::string_view::npos ? std::string_view() : path.substr(end);
    }
    return out;
}

// From most to least particular; the order decides between two patterns that both match.
enum class Kind { literal, parameter, rest };

Kind kind_of(std::string_view segment) {
    if (!segment.starts_with('{')) return Kind::literal;
    return segment.ends_with("...}") ? Kind::rest : Kind::parameter;
}

std::string name_in(std::string_view segment) {
    const std::size_t tail = kind_of(segment) == Kind::rest ? 4 : 1;
    return std::string(segment.substr(1, segment.size() - 1 - tail));
}

void check_pattern(const std::vector<std::string>& segments) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < segments.size(); ++i) {
        const auto& segment = segments[i];
        if (kind_of(segment) == Kind::literal) {
            CHECK_THAT(segment.find_first_of("{}%?#") == std::string::npos);
            CHECK_THAT(!segment.empty() || segments.size() == 1);
            continue;
        }
        CHECK_THAT(segment.ends_with('}'));
        CHECK_THAT(kind_of(segment) != Kind::rest || i + 1 == segments.size());
        const auto name = name_in(segment);
        CHECK_THAT(!name.empty());
        CHECK_THAT(std::ranges::find(names, name) == names.end());
        names.push_back(name);
    }
}

bool matches(const std::vector<std::string>& pattern, const std::vector<std::string>& path) {
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (i >= path.size()) return false;
        const Kind kind = kind_of(pattern[i]);
        if (kind == Kind::rest) return true;
        if (kind == Kind::literal && pattern[i] != path[i]) return false;
        if (kind == Kind::parameter && path[i].empty()) return false;
    }
    return pattern.size() == path.size();
}

// Two patterns that match the same path differ first where one of them is more particular.
bool more_particular(const std::vector<std::string>& a, const std::vector<std::string>& b) {
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
        if (kind_of(a[i]) != kind_of(b[i])) return kind_of(a[i]) < kind_of(b[i]);
    return false;
}

std::map<std::string, std::string> params_of(
    const std::vector<std::string>& pattern, const std::vector<std::string>& path) {
    std::map<std::string, std::string> out;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const Kind kind = kind_of(pattern[i]);
        if (kind == Kind::literal) continue;
        std::string value = path[i];
        for (std::size_t j = i + 1; kind == Kind::rest && j < path.size(); ++j)
            value += "/" + path[j];
        out.emplace(name_in(pattern[i]), std::move(value));
    }
    return out;
}

// The shape in which /a/{x} and /a/{y} are the same pattern.
std::string shape_of(const std::vector<std::string>& segments) {
    std::string out;
    for (const auto& segment : segments) {
        const Kind kind = kind_of(segment);
        out += '/';
        out += kind == Kind::literal ? segment : kind == Kind::rest ? "{...}" : "{}";
    }
    return out;
}

} // namespace

std::string_view name_of(Who who) {
    switch (who) {
    case Who::anybody: return "anybody";
    case Who::peer: return "peer";
    case Who::local: return "local";
    }
    CHECK_THAT(false);
}

void Router::add(Route route) {
    auto segments = split(route.pattern);
    check_pattern(segments);
    CHECK_THAT(route.handler != nullptr);
    CHECK_THAT(!route.method.empty() && route.method != "HEAD");
    for (std::size_t i = 0; i < routes_.size(); ++i)
        CHECK_THAT(
            routes_[i].method != route.method || shape_of(segments_[i]) != shape_of(segments));
    routes_.push_back(std::move(route));
    segments_.push_back(std::move(segments));
}

Router::Match Router::find(std::string_view method, std::string_view path, bool local) const {
    Match match;
    if (!path.starts_with('/')) return match;
    const auto segments = split(path);
    const std::string_view wanted = method == "HEAD" ? "GET" : method;
    std::size_t best = routes_.size();
    for (std::size_t i = 0; i < routes_.size(); ++i) {
        if (routes_[i].who == Who::local && !local) continue;
        if (!matches(segments_[i], segments)) continue;
        match.allowed.push_back(routes_[i].method);
        if (routes_[i].method == "GET") match.allowed.emplace_back("HEAD");
        if (routes_[i].method != wanted) continue;
        if (best == routes_.size() || more_particular(segments_[i], segments_[best])) best = i;
    }
    std::ranges::sort(match.allowed);
    match.allowed.erase(
        std::unique(match.allowed.begin(), match.allowed.end()), match.allowed.end());
    if (best == routes_.size()) return match;
    match.route = &routes_[best];
    match.params = params_of(segments_[best], segments);
    return match;
}

} // namespace comity::http

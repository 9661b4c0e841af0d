// Which language, and which name.
#include "api/names.hpp"

#include "casefile/sentences.hpp"

#include <algorithm>

namespace comity::api {

std::string language_of(const http::Request& request) {
    const auto field = request.headers.find("Accept-Language");
    std::string best = "en";
    double best_weight = 0;
    std::string_view rest = field.value_or("");
    while (!rest.empty()) {
        const auto end = std::min(rest.find(','), rest.size());
        auto item = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        while (!item.empty() && item.front() == ' ')
            item.remove_prefix(1);
        const auto semicolon = item.find(';');
        const auto tag = item.substr(0, std::min({semicolon, item.find('-'), item.size()}));
        double weight = 1;
        if (const auto q = item.find("q=");
            semicolon != std::string_view::npos && q != std::string_view::npos) {
            // 0 to 1 with up to three decimals; what is not so is least wanted.
            weight = 0;
            double scale = 1;
            bool after = false;
            for (const char c : item.substr(q + 2, 5)) {
                if (c == '.')
                    after = true;
                else if (c < '0' || c > '9')
                    break;
                else if (after)
                    weight += (scale /= 10) * (c - '0');
                else
                    weight = weight * 10 + (c - '0');
            }
        }
        for (const std::string_view known : {"en", "fr", "ar"})
            if (tag == known && weight > best_weight) {
                best = known;
                best_weight = weight;
            }
    }
    return best;
}

Result<std::array<std::string, 2>> letter_languages(
    const http::Request& request, const std::vector<std::string>& accepted) {
    const auto first = request.query_if("language").value_or(language_of(request));
    const auto other = [&] {
        for (const auto& language : accepted)
            if (language != first &&
                std::find(text_languages.begin(), text_languages.end(), language) !=
                    text_languages.end())
                return language;
        return std::string(first == "en" ? "fr" : "en");
    };
    const auto beside = request.query_if("beside");
    std::array<std::string, 2> out{first, beside ? *beside : other()};
    for (const auto& language : out)
        if (!casefile::is_language_tag(language))
            return refuse(Code::json_malformed, say("language and beside are language tags"));
    return out;
}

json::Object said_json(const Said& said, std::string_view language) {
    json::Array parameters;
    for (const auto& parameter : said.parameters())
        parameters.emplace_back(parameter.in(language));
    return {
        {"key", said.key()}, {"parameters", std::move(parameters)}, {"text", said.in(language)}};
}

std::string_view kind_name(directory::Kind kind) {
    switch (kind) {
    case directory::Kind::authority: return "authority";
    case directory::Kind::provider: return "provider";
    case directory::Kind::oversight: return "oversight";
    case directory::Kind::witness: return "witness";
    }
    return {};
}

} // namespace comity::api

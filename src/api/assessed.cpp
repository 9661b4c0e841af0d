// Printing findings for the contract: sentences joined, pointers apart.
#include "api/assessed.hpp"

#include "api/names.hpp"

#include <algorithm>

namespace comity::api {

namespace {

json::Object print_finding(const assess::Finding& finding, std::string_view language) {
    std::vector<Said> because;
    json::Array facts;
    json::Array fields;
    for (const auto& fact : finding.because) {
        because.push_back(fact.text);
        facts.emplace_back(said_json(fact.text, language));
        // Where a fact stands in the form is a pointer; files of the law pack and the directory are
        // named in the source.
        const bool known = std::any_of(fields.begin(), fields.end(), [&](const json::Value& field) {
            return field == json::Value(fact.where);
        });
        if (fact.where.starts_with('/') && !known) fields.emplace_back(fact.where);
    }
    json::Object out{
        {"test", finding.test},
        {"outcome", assess::name(finding.outcome)},
        {"because", Said::list(std::move(because), "; ").in(language)},
        {"facts", std::move(facts)},
        {"source", finding.source_in(language)},
        {"mend", finding.mend().in(language)}};
    if (!fields.empty()) out["fields"] = std::move(fields);
    return out;
}

json::Object print_row(const assess::CountryRow& row, std::string_view language) {
    json::Object cells;
    for (std::size_t i = 0; i < assess::factor_count; ++i) {
        json::Array facts;
        for (const auto& item : row.cells.at(i))
            facts.emplace_back(json::Object{
                {"standing", assess::name(item.standing)},
                {"text", item.text},
                {"where", item.where}});
        if (!facts.empty()) cells[assess::name(static_cast<assess::Factor>(i))] = std::move(facts);
    }
    return {
        {"country", row.country},
        {"cells", std::move(cells)},
        {"conclusion", assess::name(row.conclusion)},
        {"reason", row.reason.in(language)}};
}

json::Object print_connection(const assess::Connection& connection, std::string_view language) {
    json::Array rows;
    for (const auto& row : connection.rows)
        rows.emplace_back(print_row(row, language));
    json::Array concerned;
    for (const auto& item : connection.concerned)
        concerned.emplace_back(json::Object{
            {"country", item.country}, {"why", item.why.in(language)}, {"person", item.person}});
    return {
        {"rows", std::move(rows)},
        {"concerned", std::move(concerned)},
        {"conclusion", assess::name(connection.conclusion)},
        {"sentence", connection.sentence.in(language)}};
}

} // namespace

json::Object print_assessed(
    const node::Assessed& assessed, const std::string& law_pack, Instant date,
    std::string_view language) {
    json::Array errors;
    for (const auto& problem : assessed.problems)
        errors.emplace_back(json::Object{
            {"pointer", problem.pointer},
            {"code", problem.code},
            {"message", problem.text.in(language)}});
    json::Array findings;
    for (const auto& finding : assessed.assessment.findings)
        findings.emplace_back(print_finding(finding, language));
    json::Array instruments;
    for (const auto& id : assessed.instruments)
        instruments.emplace_back(id);
    json::Array duplicates;
    for (const auto& id : assessed.duplicates)
        duplicates.emplace_back(id.str());
    return {
        {"law_pack", law_pack},
        {"date", day_text(date)},
        {"errors", std::move(errors)},
        {"findings", std::move(findings)},
        {"connection", print_connection(assessed.assessment.connection, language)},
        {"instruments", std::move(instruments)},
        {"duplicates", std::move(duplicates)}};
}

std::optional<node::Assessed> assess_for(
    node::Node& node, const directory::Directory& directory, const casefile::Case& state,
    const act::Header& next) {
    const json::Object none;
    std::optional<node::Assessed> out;
    node.store().read([&](node::StoreReader& reader) {
        out = node::assessed_case(node, reader, {directory, state, next, none, node.now()});
    });
    return out;
}

} // namespace comity::api

// Loading a law pack: all files first, then one digest, then every file in its form.
#include "law/pack.hpp"

#include "base/fault.hpp"
#include "base/limits.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>

namespace comity::law {

namespace {

// So that the digest can be mistaken for no other hash of the system.
constexpr BytesView digest_domain = "comity law pack v1\n";

Bytes read_file(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    Bytes out{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    if (!in.good() && !in.eof()) throw Fault(fmt::format("cannot read {}", path.string()));
    return out;
}

std::string stem(std::string_view path) {
    return std::filesystem::path(path).stem().string();
}

// A procedure is read in full by the room procedure; here only what ties it to the pack.
Result<void> check_procedure(
    const std::string& path, const json::Object& procedure,
    const std::map<std::string, Form, std::less<>>& forms) {
    const auto* id = procedure.if_contains("id");
    if (!id || !id->is_string() || id->as_string() != stem(path))
        return refuse(
            Code::procedure_malformed, fmt::format("{}: \"id\" is not the file's name", path));
    const auto* acts = procedure.if_contains("acts");
    if (!acts || !acts->is_object())
        return refuse(Code::procedure_malformed, fmt::format("{}: \"acts\" is missing", path));
    for (const auto& act : acts->as_object()) {
        const auto* form =
            act.value().is_object() ? act.value().as_object().if_contains("form") : nullptr;
        if (form && (!form->is_string() || !forms.contains(std::string_view(form->as_string()))))
            return refuse(
                Code::procedure_malformed,
                fmt::format(
                    "{}: the act \"{}\" has a form that is not in forms/", path,
                    std::string_view(act.key())));
    }
    return {};
}

} // namespace

std::string pack_digest(
    const std::map<std::string, Digest, std::less<>>& files, const Hash& sha256) {
    Bytes list(digest_domain);
    for (const auto& [path, hash] : files) {
        put_be32(list, static_cast<std::uint32_t>(path.size()));
        list += path;
        list += view(hash);
    }
    return text(sha256(list));
}

Result<Pack> Pack::load(const std::filesystem::path& directory, const Hash& sha256) {
    namespace fs = std::filesystem;
    std::error_code ec;
    if (!fs::is_directory(directory, ec))
        return refuse(
            Code::law_malformed, fmt::format("{} is not a directory", directory.string()));
    std::map<std::string, Bytes, std::less<>> files;
    try {
        for (const auto& entry : fs::recursive_directory_iterator(directory)) {
            const std::string path = entry.path().lexically_relative(directory).generic_string();
            // What shows the law in use is no law.
            if (!entry.is_regular_file() || entry.path().extension() != ".json" ||
                path.starts_with("examples/") || path.starts_with("cases/"))
                continue;
            if (files.size() == limits::law_files || entry.file_size() > limits::law_file_bytes)
                return refuse(
                    Code::law_malformed, fmt::format(
                                             "{}: more than {} files, or more than {} bytes", path,
                                             limits::law_files, limits::law_file_bytes));
            files[path] = read_file(entry.path());
        }
    } catch (const fs::filesystem_error& error) {
        throw Fault(error.what());
    }
    return from_files(std::move(files), sha256);
}

Result<Pack> Pack::from_files(std::map<std::string, Bytes, std::less<>> files, const Hash& sha256) {
    Pack pack;
    for (const auto& [path, content] : files)
        pack.hashes_.emplace(path, sha256(content));
    pack.digest_ = pack_digest(pack.hashes_, sha256);
    pack.files_ = std::move(files);
    for (const auto& [path, content] : pack.files_) {
        if (path.starts_with("forms/")) {
            TRY(auto form, Form::read(content, path));
            if (form.id() != stem(path))
                return refuse(
                    Code::form_schema_malformed,
                    fmt::format("{}: \"x-id\" is not the file's name", path));
            pack.forms_.emplace(form.id(), std::move(form));
            continue;
        }
        auto object = json::parse_object(content, limits::law_file_bytes);
        if (!object)
            return refuse(
                Code::law_malformed, fmt::format("{}, {}", path, object.error().facts.text()));
        pack.data_.emplace(path, std::move(*object));
    }
    for (const auto& [path, object] : pack.data_) {
        if (!path.starts_with("procedures/")) continue;
        TRY_VOID(check_procedure(path, object, pack.forms_));
        pack.procedures_.emplace(stem(path), path);
    }
    return pack;
}

const std::string* Pack::procedure_text(std::string_view id) const {
    const auto found = procedures_.find(id);
    return found == procedures_.end() ? nullptr : &files_.at(found->second);
}

std::vector<std::string> Pack::procedures() const {
    std::vector<std::string> out;
    for (const auto& [id, path] : procedures_)
        out.push_back(id);
    return out;
}

const Form* Pack::form(std::string_view id) const {
    const auto found = forms_.find(id);
    return found == forms_.end() ? nullptr : &found->second;
}

std::vector<std::string> Pack::forms() const {
    std::vector<std::string> out;
    for (const auto& [id, form] : forms_)
        out.push_back(id);
    return out;
}

std::string Pack::file_digest(std::string_view path) const {
    const auto found = hashes_.find(path);
    return found == hashes_.end() ? std::string() : text(found->second);
}

const json::Object* Pack::data(std::string_view path) const {
    const auto found = data_.find(path);
    return found == data_.end() ? nullptr : &found->second;
}

} // namespace comity::law

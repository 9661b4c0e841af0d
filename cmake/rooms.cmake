# A room is src/<name>/*.cpp built into comity_<name>; its tests are tests/<name>/*.cpp built into
# <name>_tests. A room without sources becomes an interface library, so a checkout always configures.

# One precompiled header for all rooms: the standard library, fmt and Boost.JSON. It is included by name,
# so that what is compiled does not depend on where the checkout lies and the compiler's cache serves all.
target_include_directories(comity_flags INTERFACE ${CMAKE_SOURCE_DIR}/cmake)
file(WRITE ${CMAKE_BINARY_DIR}/pch.cpp "")
add_library(comity_pch OBJECT ${CMAKE_BINARY_DIR}/pch.cpp)
function(comity_pch_setup)
  target_link_libraries(comity_pch PRIVATE comity_flags fmt::fmt Boost::json Threads::Threads)
  target_precompile_headers(comity_pch PRIVATE <pch.hpp>)
endfunction()

function(comity_use_pch target)
  target_precompile_headers(${target} REUSE_FROM comity_pch)
endfunction()

function(comity_room name)
  cmake_parse_arguments(ROOM "" "" "PUBLIC;PRIVATE" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.cpp)
  list(REMOVE_ITEM sources ${CMAKE_SOURCE_DIR}/src/${name}/main.cpp)
  if(name STREQUAL "base")
    comity_pch_setup()
  endif()
  if(sources)
    add_library(comity_${name} STATIC ${sources})
    target_link_libraries(comity_${name} PUBLIC comity_flags ${ROOM_PUBLIC} PRIVATE ${ROOM_PRIVATE})
    comity_use_pch(comity_${name})
  else()
    add_library(comity_${name} INTERFACE)
    target_link_libraries(comity_${name} INTERFACE comity_flags ${ROOM_PUBLIC} ${ROOM_PRIVATE})
  endif()
endfunction()

# The program's sources but main.cpp form comity_<directory's name>, so that tests can link them.
function(comity_program name directory)
  get_filename_component(room ${directory} NAME)
  comity_room(${room} PUBLIC ${ARGN})
  if(TARGET comity_${room})
    get_target_property(type comity_${room} TYPE)
    if(NOT type STREQUAL "INTERFACE_LIBRARY")
      target_compile_definitions(comity_${room} PRIVATE COMITY_VERSION="${PROJECT_VERSION}")
    endif()
  endif()
  if(EXISTS ${CMAKE_SOURCE_DIR}/${directory}/main.cpp)
    add_executable(${name} ${CMAKE_SOURCE_DIR}/${directory}/main.cpp)
    target_link_libraries(${name} PRIVATE comity_flags comity_${room})
    target_compile_definitions(${name} PRIVATE COMITY_VERSION="${PROJECT_VERSION}")
    comity_use_pch(${name})
  endif()
endfunction()

# What tests are built with. Under sanitizers their own code is not optimised and not checked for
# undefined behaviour: that costs two thirds of their compile time, and what is tested is src/.
function(comity_use_test_pch target)
  target_link_libraries(${target} PRIVATE comity_flags comity_test_flags)
  target_precompile_headers(${target} REUSE_FROM comity_test_pch)
endfunction()

# What several rooms' tests are made with: the tests' main, and nodes of a practice federation.
function(comity_test_support)
  add_library(comity_test_flags INTERFACE)
  if(COMITY_SANITIZE)
    target_compile_options(comity_test_flags INTERFACE -O0 -fno-sanitize=undefined)
  endif()
  add_library(comity_test_pch OBJECT ${CMAKE_BINARY_DIR}/pch.cpp)
  target_link_libraries(comity_test_pch PRIVATE comity_flags comity_test_flags fmt::fmt Boost::json
    Threads::Threads)
  target_precompile_headers(comity_test_pch PRIVATE <pch.hpp> <doctest/doctest.h>)

  add_library(comity_test_main OBJECT ${CMAKE_SOURCE_DIR}/tests/support/main.cpp)
  comity_use_test_pch(comity_test_main)
  target_link_libraries(comity_test_main PRIVATE fmt::fmt Boost::json)
  add_library(comity_test_memory STATIC ${CMAKE_SOURCE_DIR}/tests/support/memory_store.cpp)
  comity_use_test_pch(comity_test_memory)
  target_link_libraries(comity_test_memory PUBLIC comity_store)
  file(GLOB nodes CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/support/node_*.cpp)
  add_library(comity_test_nodes STATIC ${nodes} ${CMAKE_SOURCE_DIR}/tests/support/directory_world.cpp)
  comity_use_test_pch(comity_test_nodes)
  target_link_libraries(comity_test_nodes PUBLIC comity_test_memory)
  foreach(library comity_test_main comity_test_memory comity_test_nodes)
    target_include_directories(${library} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
    target_compile_definitions(${library} PRIVATE
      COMITY_VECTORS="${CMAKE_SOURCE_DIR}/tests/vectors" COMITY_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  endforeach()
endfunction()

function(comity_tests room)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/${room}/*.cpp)
  if(sources)
    set(support "")
    if(NOT room STREQUAL "node")
      file(GLOB support CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/support/${room}_*.cpp)
    endif()
    add_executable(${room}_tests ${sources} ${support})
    comity_use_test_pch(${room}_tests)
    target_link_libraries(${room}_tests PRIVATE comity_test_main)
    if(room STREQUAL "federation")
      # No room of src: whole nodes in one process, with routes; of the program only what checks from outside.
      target_link_libraries(${room}_tests PRIVATE comity_http comity_store comity_apps OpenSSL::Crypto)
    else()
      target_link_libraries(${room}_tests PRIVATE comity_${room})
    endif()
    if(room STREQUAL "law" OR room STREQUAL "assess")
      # The room takes its hash as an argument; the floor's digest is SHA-256.
      target_link_libraries(${room}_tests PRIVATE comity_crypto)
    endif()
    if(room MATCHES "^(node|api|federation)$")
      target_link_libraries(${room}_tests PRIVATE comity_test_nodes)
    elseif(room STREQUAL "store")
      target_link_libraries(${room}_tests PRIVATE comity_test_memory)
    endif()
    target_include_directories(${room}_tests PRIVATE ${CMAKE_SOURCE_DIR}/tests)
    target_compile_definitions(${room}_tests PRIVATE
      COMITY_VECTORS="${CMAKE_SOURCE_DIR}/tests/vectors" COMITY_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    # What takes longest is begun first, also on a checkout that has not measured yet; random cases run
    # beside the told ones.
    set(cost_of_node 100)
    set(cost_of_api 50)
    set(cost_of_apps 45)
    set(cost_of_assess 40)
    set(cost_of_law 35)
    set(cost_of_procedure 30)
    set(cost_of_record 30)
    set(cost_of_store 25)
    if(room STREQUAL "federation")
      add_test(NAME federation COMMAND federation_tests "-tce=*random cases*")
      add_test(NAME federation_random COMMAND federation_tests "-tc=*random cases*")
      set_tests_properties(federation_random PROPERTIES COST 150 TIMEOUT 900)
    else()
      add_test(NAME ${room} COMMAND ${room}_tests)
    endif()
    if(DEFINED cost_of_${room})
      set_tests_properties(${room} PROPERTIES COST ${cost_of_${room}})
    endif()
    set_tests_properties(${room} PROPERTIES TIMEOUT 900)
  endif()
endfunction()

function(comity_bench)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/bench/*.cpp)
  if(sources)
    add_executable(comity_bench ${sources})
    target_link_libraries(comity_bench PRIVATE comity_flags comity_apps comity_store comity_http
      OpenSSL::Crypto PkgConfig::SODIUM)
    target_include_directories(comity_bench PRIVATE ${CMAKE_SOURCE_DIR}/tests)
    target_compile_definitions(comity_bench PRIVATE COMITY_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    comity_use_pch(comity_bench)
  endif()
endfunction()

# One libFuzzer target per parser: tests/fuzz/<room>_<name>.cpp links comity_<room>.
function(comity_fuzz)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/fuzz/*.cpp)
  foreach(source ${sources})
    get_filename_component(name ${source} NAME_WE)
    string(REGEX REPLACE "_.*" "" room ${name})
    add_executable(fuzz_${name} ${source})
    target_compile_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    target_link_libraries(fuzz_${name} PRIVATE comity_flags comity_${room})
    target_include_directories(fuzz_${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
    target_compile_definitions(fuzz_${name} PRIVATE COMITY_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  endforeach()
endfunction()

# All fuzz targets in one ordinary test, with seeds and a fixed number of mutations of them.
function(comity_fuzz_replay)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/fuzz/*.cpp)
  set(declarations "")
  set(rows "")
  set(rooms "")
  foreach(source ${sources})
    get_filename_component(name ${source} NAME_WE)
    string(REGEX REPLACE "_.*" "" room ${name})
    list(APPEND rooms comity_${room})
    set_source_files_properties(${source} PROPERTIES
      COMPILE_DEFINITIONS "LLVMFuzzerTestOneInput=fuzz_${name}")
    string(APPEND declarations "extern \"C\" int fuzz_${name}(const std::uint8_t*, std::size_t);\n")
    string(APPEND rows "    {\"${name}\", fuzz_${name}},\n")
  endforeach()
  list(REMOVE_DUPLICATES rooms)
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/generated/fuzz_targets.inc CONTENT
"// Made by cmake/rooms.cmake from the names of tests/fuzz.
${declarations}
struct Target {
    const char* name;
    int (*run)(const std::uint8_t*, std::size_t);
};

constexpr Target targets[] = {
${rows}};
" @ONLY)
  add_executable(fuzz_replay ${sources} ${CMAKE_SOURCE_DIR}/tests/support/fuzz_replay.cpp)
  target_link_libraries(fuzz_replay PRIVATE comity_flags ${rooms} comity_crypto)
  target_include_directories(fuzz_replay PRIVATE
    ${CMAKE_SOURCE_DIR}/tests ${CMAKE_BINARY_DIR}/generated)
  target_compile_definitions(fuzz_replay PRIVATE COMITY_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  comity_use_pch(fuzz_replay)
  add_test(NAME fuzz COMMAND fuzz_replay)
  set_tests_properties(fuzz PROPERTIES TIMEOUT 300)
endfunction()

using Microsoft.Win32.SafeHandles;
using MlSql.Models.Onnx.External.Interop;

namespace MlSql.Models.Onnx.External;

/// <summary>The model's own folder: opens plain files in it, through no link of either kind.</summary>
internal sealed class SideFolder : IDisposable
{
    private readonly string _path;
    private readonly OnnxErrors _errors;
    private readonly SafeFileHandle? _folder;

    public SideFolder(string path, OnnxErrors errors)
    {
        (_path, _errors) = (path, errors);
        if (!OperatingSystem.IsLinux()) return;
        _folder = LinuxFile.Place(path, out int error);
        if (error != 0) throw errors.CannotRead(path, LinuxFile.Reason(error));
    }

    public void Dispose() => _folder?.Dispose();

    /// <summary>Opens a side file for reading; throws what is wrong with it.</summary>
    public SafeFileHandle Open(ExternalRange range) => _folder is null ? OpenByName(range) : OpenOnLinux(range, _folder);

    // Each name is looked up in the folder opened before it, so nobody can put a link in between.
    private SafeFileHandle OpenOnLinux(ExternalRange range, SafeFileHandle root)
    {
        SafeFileHandle folder = root;
        try
        {
            for (int i = 0; ; i++)
            {
                bool isLast = i == range.Components.Length - 1;
                SafeFileHandle place = LinuxFile.Place(folder, range.Components[i], out int error);
                using SafeFileHandle? whenLast = isLast ? place : null;
                if (error is LinuxFile.NoEntry) throw _errors.ExternalMissing(range.Shown, range.ShownLocation);
                FileStatus found = InputFile.Status(place, error, range.Location, _errors);
                if (!isLast)
                {
                    if (!ReferenceEquals(folder, root)) folder.Dispose();
                    folder = place;
                }
                if (found.IsSymbolicLink) throw _errors.ExternalSymbolicLink(range.Shown, range.ShownLocation);
                if (!isLast && !found.IsFolder) throw _errors.ExternalMissing(range.Shown, range.ShownLocation);
                if (!isLast) continue;
                if (!found.IsRegular) throw _errors.ExternalNotRegular(range.Shown, range.ShownLocation, found.Kind);
                if (found.Links > 1) throw _errors.ExternalHardLink(range.Shown, range.ShownLocation);
                SafeFileHandle content = LinuxFile.Content(folder, range.Components[i], out error);
                if (InputFile.Status(content, error, range.Location, _errors).IsSameFile(found)) return content;
                content.Dispose();
                throw _errors.CannotRead(range.Location, "another file came into its place");
            }
        }
        finally
        {
            if (!ReferenceEquals(folder, root)) folder.Dispose();
        }
    }

    // Other systems' libraries tell neither hard links nor the kinds of special files.
    private SafeFileHandle OpenByName(ExternalRange range)
    {
        string path = _path;
        for (int i = 0; i < range.Components.Length; i++)
        {
            path = Path.Combine(path, range.Components[i]);
            FileInfo found = new(path);
            if (found.LinkTarget is not null || (found.Exists && found.Attributes.HasFlag(FileAttributes.ReparsePoint))) throw _errors.ExternalSymbolicLink(range.Shown, range.ShownLocation);
            bool isFolder = Directory.Exists(path);
            if (i < range.Components.Length - 1 ? !isFolder : !found.Exists && !isFolder) throw _errors.ExternalMissing(range.Shown, range.ShownLocation);
            if (i == range.Components.Length - 1 && (isFolder || found.Attributes.HasFlag(FileAttributes.Device))) throw _errors.ExternalNotRegular(range.Shown, range.ShownLocation, isFolder ? "a folder" : "a device");
        }
        return File.OpenHandle(path);
    }
}
